package io.millrace.verify.group;

import io.millrace.client.HubClient;
import io.millrace.client.NoAnswerException;
import io.millrace.client.RefusedException;
import io.millrace.client.message.CommitOffset;
import io.millrace.verify.history.GroupEvent;
import io.millrace.verify.load.Hubs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The single calls of a session, each to the next hub in turn. Retries a call until it is answered, or the member is
 * abandoned.
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
    private final Hubs hubs;

    RepeatedCalls(MemberSession session, Hubs hubs) {
        this.session = session;
        this.hubs = hubs;
    }

    /** @throws RefusedException for a hub's refusal that a retry does not change */
    <T> Answer<T> call(Call<T> call) throws InterruptedException {
        boolean repeated = false;
        while (true) {
            HubClient hub = hubs.inTurn();
            try {
                return new Answer<>(call.make(hub), repeated);
            } catch (RefusedException refusal) {
                if (!refusal.code().isEmpty() && (!refusal.retryable() || refusal.status() == CONFLICT)) {
                    throw refusal;
                }
                session.failed(refusal.code(), true);
            } catch (NoAnswerException unanswered) {
                hubs.noAnswer(hub);
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
