package io.millrace.stream.websocket.frame;

import static io.millrace.fuzz.Bounded.check;
import static io.millrace.fuzz.Bounded.same;
import static io.millrace.json.JsonTexts.text;

import io.millrace.fuzz.Bounded;
import io.millrace.fuzz.Bounded.Outcome;
import io.millrace.fuzz.FuzzTarget;
import io.millrace.json.Jackson;
import io.millrace.json.JsonTexts;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/** Frames of WebSocket clients other than produce frames. */
public final class FramesFuzz implements FuzzTarget {

    @Override
    public Stream<byte[]> seeds() {
        Stream<String> good = Stream.of(
                "{'type':'subscribe','id':'s','topics':['a','b'],'from':'earliest','credits':5}",
                "{'type':'subscribe','id':'s','topics':['a'],'from':'1700000000000','credits':0}",
                "{'credits':1,'partitions':[{'next_offset':42,'partition':3}],'topic':'a','id':'s','type':'subscribe'}",
                "{'type':'subscribe','id':'s','credits':1,'topics':['t'],'group':'g','instance_id':'i','from':'latest',"
                        + "'assignor':'range','session_timeout_ms':10000,'commit':'auto'}",
                "{'type':'permit','id':'s','records':500,'ref':'r'}",
                "{'type':'seek','id':'s','partitions':[{'topic':'t','partition':0,'next_offset':1}]}",
                "{'type':'pause','id':'s'}",
                "{'type':'resume','id':'s','partitions':[{'topic':'a','partition':1}]}",
                "{'type':'unsubscribe','id':'s'}",
                "{'type':'commit','id':'s','offsets':[{'topic':'t','partition':0,'next_offset':1,'metadata':'m',"
                        + "'epoch':2}]}");
        Stream<String> bad = Stream.of(BadFrames.ALL, BadFrames.LATER)
                .flatMap(frames -> frames.stream().map(BadFrames.Bad::json));
        return Stream.concat(good.map(frame -> frame.replace('\'', '"')), bad).map(JsonTexts::utf8);
    }

    @Override
    public void run(byte[] input) {
        Outcome<ClientFrame> outcome = Bounded.run(input, () -> new FrameReader().read(input, input.length));
        ClientFrame frame = outcome.value();
        if (frame != null) {
            check(JsonTexts.isUtf8(input) && Jackson.acceptsDeep(text(input)), "what is accepted is JSON");
            Map<?, ?> tree = (Map<?, ?>) Jackson.tree(text(input));
            check(kind(frame).startsWith((String) tree.get("type")), "a frame is of its type");
            if (frame instanceof ClientFrame.OfSubscription named) {
                same(tree.get("id"), named.id(), "a frame is of its subscription");
            }
            byte[] reused = Arrays.copyOf(input, input.length + 32);
            same(frame, new FrameReader().read(reused, input.length), "what follows the frame does not matter");
        }
        FrameReader names = new FrameReader();
        Bounded.run(input, () -> {
            names.readNames(input, input.length);
            return names.id() + names.ref();
        });
    }

    private static String kind(ClientFrame frame) {
        return frame.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }
}
