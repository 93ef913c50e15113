# What an administrator does before the hub starts, on a machine of its own that nothing of the real one can reach.
# Called by machine.py inside of bubblewrap, as root. When standard input ends, this does; then bubblewrap's name space
# goes, and with it every process on the machine.
# $1: the folder of the repository; $2: the folder that machine.py filled.
set -eu

mount -t proc proc /proc # bubblewrap's own is partly covered, and no sandbox could be made below it
cp -a /tmp/etc/. /etc/

cd "$1"
bash -eu "$2/recipe.sh" # the commands of the page on grading
for user in $(cat "$2/students.txt" "$2/instructors.txt"); do useradd --create-home --shell /bin/bash "$user"; done
cp -a "$2/course" ~grader-rnn/rnn
chown -R grader-rnn: ~grader-rnn/rnn

cp "$1"/hub/* "$2"/*.txt "$2"/replaced.py /srv/hub
cd /srv/hub
/srv/rnn/.venv/bin/jupyterhub -f replaced.py </dev/null &
cat >/dev/null
