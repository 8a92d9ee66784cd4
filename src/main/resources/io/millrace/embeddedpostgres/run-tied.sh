# Runs a command that does not outlive the hub: standard input is a pipe that only the hub holds open. When the hub is
# killed the pipe closes and the command is killed, so that it does not write to a directory that the next hub uses.
exec 3<&0 </dev/null
"$@" 3<&- &
command=$!
(
    while read -r line <&3; do :; done
    kill -KILL "$command"
) >/dev/null 2>&1 &
watcher=$!
exec 3<&-

wait "$command"
status=$?
kill -KILL "$watcher" 2>/dev/null
exit "$status"
