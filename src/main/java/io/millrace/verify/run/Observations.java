package io.millrace.verify.run;

import io.millrace.verify.history.Attempt;
import io.millrace.verify.history.GroupEvent;
import io.millrace.verify.history.Logged;
import io.millrace.verify.history.Request;
import java.util.List;
import java.util.Map;

/**
 * Everything that a run has observed.
 *
 * @param attempts in the order of their ends
 * @param events of the group, in the order of time
 * @param received by the followers, by their names
 * @param log all records in the topic at the end
 * @param unfinished what did not end in time, in words; then the run has no verdict
 */
public record Observations(
        List<Request> requests,
        List<Attempt> attempts,
        List<GroupEvent> events,
        Map<String, List<Logged>> received,
        List<Logged> log,
        List<String> unfinished) {}
