package io.millrace.faults;

import io.millrace.client.ClientSettings;
import io.millrace.client.HubClient;
import io.millrace.client.NoAnswerException;
import io.millrace.client.RefusedException;
import io.millrace.client.message.CommitOffset;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The single calls of a session, each on a connection of its own and so to the next hub in turn. Retries a call until
 * it is answered.
 */
final class RepeatedCalls {

    private static final Duration REST = Duration.ofMillis(50);
    private static final int CONFLICT = 409;

    /** A call that may be repeated. */
    @FunctionalInterface
    interface Call<T> {

        T make(HubClient hub) throws NoAnswerException, InterruptedException;
    }

    /** The same without a result. */
    @FunctionalInterface
    interface Action {

        void run(HubClient hub) throws NoAnswerException, InterruptedException;
    }

    /**
     * An answer.
     *
     * @param repeated whether an earlier attempt may have been carried out
     */
    record Answer<T>(T body, boolean repeated) {}

    private final MemberSession session;
    private final HubClient hub;

    RepeatedCalls(MemberSession session, HubClient hub) {
        this.session = session;
        this.hub = hub;
    }

    /** @param patience how long it waits for a hub before it tries the next one */
    static HubClient client(Balancer.Entrance entrance, Duration patience) {
        return new HubClient(entrance.url(), new ClientSettings(patience, patience, Map.of("Connection", "close")));
    }

    /** @throws RefusedException for a refusal that a retry does not change */
    <T> Answer<T> call(Call<T> call) throws InterruptedException {
        boolean repeated = false;
        while (true) {
            try {
                return new Answer<>(call.make(hub), repeated);
            } catch (RefusedException refusal) {
                if (!refusal.retryable() || refusal.status() == CONFLICT) {
                    throw refusal;
                }
                session.failed(refusal.code(), true);
            } catch (NoAnswerException unanswered) {
                if (unanswered.fate() == NoAnswerException.Fate.TIMED_OUT) {
                    // The hub may still carry it out at any time.
                    session.note(at -> new GroupEvent.Disturbed(at, session.id()));
                }
                session.failed(GroupEvent.Failed.NO_ANSWER, true);
            }
            repeated = true;
            TimeUnit.MILLISECONDS.sleep(REST.toMillis());
        }
    }

    /** @throws RefusedException for a refusal that a retry does not change */
    void run(Action action) throws InterruptedException {
        call(to -> {
            action.run(to);
            return true;
        });
    }

    /** The offsets of a commit, in the order of the map. */
    static List<CommitOffset> offsets(String topic, Map<Integer, MemberSession.Progress> commits) {
        return commits.entrySet().stream()
                .map(commit -> new CommitOffset(
                        topic, commit.getKey(), commit.getValue().nextOffset()))
                .toList();
    }
}
