# Runs the postmaster for as long as the hub lives: standard input is a pipe that only the hub holds open, so it ends
# when the hub closes it or dies, however it dies. Prints the postmaster's pid; exits with its status.
#
# $1: seconds after which an unfinished fast shutdown becomes an immediate one; the rest: the postmaster's command

# Ctrl-C in a terminal goes to every process in the foreground; only the hub may decide when the server stops.
trap '' HUP INT QUIT TERM
patience=$1
shift
if command -v setsid >/dev/null 2>&1; then
    set -- setsid "$@"
elif command -v perl >/dev/null 2>&1; then
    set -- perl -MPOSIX -e 'POSIX::setsid(); exec @ARGV or exit 127' "$@"
fi

exec 3<&0 </dev/null
"$@" 3<&- >&2 &
postmaster=$!
echo "$postmaster"
exec >&2

(
    while read -r line <&3; do :; done
    kill -INT "$postmaster"
    exec 3<&-
    # In steps, so that a pid that has been reused meanwhile gets no signal.
    while [ "$patience" -gt 0 ] && kill -0 "$postmaster"; do
        sleep 1
        patience=$((patience - 1))
    done
    kill -0 "$postmaster" && [ "$patience" -eq 0 ] && kill -QUIT "$postmaster"
) 2>/dev/null &
watcher=$!
exec 3<&-

wait "$postmaster"
status=$?
kill -KILL "$watcher" 2>/dev/null
exit "$status"
