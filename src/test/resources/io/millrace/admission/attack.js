// Everything that a page can try without a preflight request, against the hub at arguments[0]; returns what it could read.
const hub = arguments[0];
const records = hub + '/v1/topics/t/records';
const done = arguments[arguments.length - 1];

const patience = work => Promise.race([
  work, new Promise(resolve => setTimeout(() => resolve('nothing'), 1500))]);
const fetched = (path, options) => fetch(hub + path, options).then(
  answer => answer.type === 'opaque' ? 'nothing' : answer.text().then(text => answer.status + ' ' + text),
  () => 'nothing');

const tries = {
  read: () => fetched('/v1/topics/t/partitions/0/records'),
  text: () => fetched('/v1/topics/t/records', {method: 'POST', mode: 'no-cors', body: 'text'}),
  json: () => fetched('/v1/topics/t/records', {
    method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{"records":[{"value":"json"}]}'}),
  beacon: async () => navigator.sendBeacon(records, 'beacon') && 'nothing',
  form: async () => {
    const frame = document.createElement('iframe');
    frame.name = 'form';
    document.body.append(frame);
    const form = document.createElement('form');
    Object.assign(form, {method: 'POST', action: records, enctype: 'text/plain', target: 'form'});
    const field = document.createElement('input');
    Object.assign(field, {name: 'form', value: 'form'});
    form.append(field);
    document.body.append(form);
    form.submit();
    return new Promise(resolve => frame.onload = () => resolve('nothing'));
  },
  create: () => fetched('/v1/topics', {
    method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{"name":"created"}'}),
  remove: () => fetched('/v1/topics/victim', {method: 'DELETE'}),
  socket: () => new Promise(resolve => {
    const socket = new WebSocket(hub.replace('http', 'ws') + '/v1/ws', 'hub.v1.json');
    let seen = 'nothing';
    socket.onopen = () => {
      socket.send(JSON.stringify({type: 'produce', ref: '1', topic: 't', records: [{value: 'socket'}]}));
      socket.send(JSON.stringify({type: 'subscribe', id: 's', topics: ['t'], from: 'earliest', credits: 1}));
    };
    socket.onmessage = frame => {
      if (JSON.parse(frame.data).type === 'records') {
        resolve(frame.data);
      }
    };
    socket.onclose = () => resolve(seen);
  }),
  events: () => new Promise(resolve => {
    const source = new EventSource(hub + '/v1/topics/t/stream?from=earliest');
    source.addEventListener('record', event => { source.close(); resolve(event.data); });
    source.onerror = () => { source.close(); resolve('nothing'); };
  }),
  member: () => new Promise(resolve => {
    const source = new EventSource(hub + '/v1/groups/member/stream?topics=t&from=earliest&commit=auto');
    source.addEventListener('record', event => { source.close(); resolve(event.data); });
    source.onerror = () => { source.close(); resolve('nothing'); };
  }),
  silent: () => fetched('/v1/groups/silent/stream?topics=t&from=earliest&commit=auto', {
    mode: 'no-cors', referrerPolicy: 'no-referrer', headers: {Accept: 'text/event-stream'}}),
  image: () => new Promise(resolve => {
    const image = new Image();
    image.onload = image.onerror = () => resolve('nothing');
    image.src = hub + '/v1/groups/image/stream?topics=t&from=earliest&commit=auto';
  }),
  script: () => new Promise(resolve => {
    const script = document.createElement('script');
    script.onload = script.onerror = () => resolve('nothing');
    script.src = hub + '/v1/groups/script/stream?topics=t&from=earliest&commit=auto';
    document.body.append(script);
  }),
  frame: () => new Promise(resolve => {
    const frame = document.createElement('iframe');
    frame.onload = () => resolve('nothing');
    frame.src = hub + '/v1/groups/frame/stream?topics=t&from=earliest&commit=auto';
    document.body.append(frame);
  }),
};

(async () => {
  const seen = {};
  for (const [name, attempt] of Object.entries(tries)) {
    seen[name] = await patience(attempt()).catch(failure => 'nothing');
  }
  done(seen);
})();
