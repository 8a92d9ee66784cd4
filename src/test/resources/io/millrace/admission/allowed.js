// What a page of another site can do with a hub, at arguments[0], that allows it.
const hub = arguments[0];
const done = arguments[arguments.length - 1];
const json = {'Content-Type': 'application/json'};
const send = (method, path, body, headers) => fetch(hub + path, {method, headers, body: body && JSON.stringify(body)});

(async () => {
  const said = [];
  const topic = await send('POST', '/v1/topics', {name: 'flights'}, json);
  said.push('created ' + (await topic.json()).name);
  const produced = await send('POST', '/v1/topics/flights/records', {records: [{value: 1}]}, json);
  said.push('produced ' + (await produced.json()).results[0].offset);
  const etag = (await send('GET', '/v1/topics/flights')).headers.get('ETag');
  const changed = await send('PATCH', '/v1/topics/flights', {config: {}}, {...json, 'If-Match': etag});
  said.push('etag ' + changed.ok);
  const read = await (await send('GET', '/v1/topics/flights/partitions/0/records')).json();
  said.push('read ' + read.records[0].value);
  const lines = await fetch(hub + '/v1/topics/flights/partitions/0/records', {headers: {Accept: 'application/x-ndjson'}});
  said.push('lines ' + JSON.parse((await lines.text()).split('\n')[0]).value);
  const event = path => new Promise((resolve, reject) => {
    const source = new EventSource(hub + path);
    source.addEventListener('record', got => { source.close(); resolve(JSON.parse(got.data)); });
    source.onerror = reject;
  });
  said.push('event ' + (await event('/v1/topics/flights/stream?from=earliest')).value);
  await event('/v1/groups/g/stream?topics=flights&from=earliest&commit=auto');
  const group = await (await send('GET', '/v1/groups/g/offsets')).json();
  said.push('committed ' + group.offsets[0].next_offset);
  const none = await send('GET', '/v1/topics/none', undefined, {'X-Request-Id': 'mine'});
  said.push('refused ' + none.status + ' retryable ' + (await none.json()).retryable);
  said.push('socket ' + await new Promise((resolve, reject) => {
    const socket = new WebSocket(hub.replace('http', 'ws') + '/v1/ws', 'hub.v1.json');
    socket.onopen = () => {
      socket.send(JSON.stringify({type: 'produce', ref: '1', topic: 'flights', records: [{value: 2}]}));
      socket.send(JSON.stringify({type: 'subscribe', id: 's', topics: ['flights'], from: 'earliest', credits: 100}));
    };
    let last = 0;
    socket.onmessage = frame => {
      const message = JSON.parse(frame.data);
      if (message.type === 'records' && message.next_offset === 2) {
        resolve(message.records.at(-1).value);
        socket.close();
      }
    };
    socket.onerror = reject;
  }));
  said.push('deleted ' + (await send('DELETE', '/v1/topics/flights')).status);
  done(said.join(', '));
})().catch(failure => done('failed: ' + failure));
