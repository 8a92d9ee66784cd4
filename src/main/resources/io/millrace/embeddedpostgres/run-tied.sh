# Runs a command that does not outlive the hub: standard input is a pipe that only the hub holds open. A hub that is
# killed lets go of it, and with it ends what would go on writing where the next hub begins anew.
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
