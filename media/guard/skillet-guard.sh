#!/bin/sh
# Skillet's money guard: ends this machine at its deadline, or when it has had nothing to do for a while.
# A timer calls `skillet-guard tick` every minute; docs/guard.md of Skillet says what it does and what the files hold.
# Plain POSIX shell, and no `set -e`: one answer that is missing must not keep the others from being looked at.

# Where things are; tests put other places here.
STATE=${SKILLET_GUARD_STATE:-/var/lib/skillet-guard}
RUN=${SKILLET_GUARD_RUN:-/run/skillet}
PROC=${SKILLET_GUARD_PROC:-/proc}
CONSOLE=${SKILLET_GUARD_CONSOLE:-/dev/console}
IMDS=${SKILLET_GUARD_IMDS:-http://169.254.169.254}
UNITS=${SKILLET_GUARD_UNITS:-/etc/systemd/system}
CRON=${SKILLET_GUARD_CRON:-/etc/cron.d}
ENVIRONMENT=${SKILLET_GUARD_ENVIRONMENT:-/etc/environment}
SPOT_LOOKS=${SKILLET_GUARD_SPOT_LOOKS:-10}
PAUSE_S=${SKILLET_GUARD_PAUSE_S:-5}

# What counts as work: a card at 5 %, or a quarter of one core over a minute.
GPU_PERCENT=5
CPU_PERCENT=25
# Without a look for so long (hibernated, hung), nobody knows whether it was idle: the time is reckoned anew.
GAP_S=300
PATH=${SKILLET_GUARD_PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/wsl/lib:$PATH}
export PATH LC_ALL=C

has() { command -v "$1" >/dev/null 2>&1; }
limited() { if has timeout; then timeout 20 "$@"; else "$@"; fi; }
stamp() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || echo "$1"; }
# Without zeros in front, which the shell would take for octal numbers.
is_number() { case $1 in '' | *[!0-9]* | 0?* | ??????????????*) return 1 ;; esac; }
# Idleness is told from a pause only after a while.
is_idle() { [ "$1" = never ] || { is_number "$1" && [ "$1" -ge 5 ] && [ "$1" -le 100000 ]; }; }

# What it says stands in the journal (its own output) and on the console, which the System Log shows.
say() {
  echo "skillet-guard: $1"
  { echo "skillet-guard: $(stamp "$now") $1" >"$CONSOLE"; } 2>/dev/null
}
# The same, to everybody who is signed in.
warn() {
  say "$1"
  if has wall; then echo "Skillet's guard: $1" | wall 2>/dev/null; fi
}

# --- What is kept -------------------------------------------------------------------------------------------------

# In $STATE/state, over restarts: what was asked. In $RUN/guard, until the next one: what was seen.
KEPT='minutes idle_first idle action instance deadline tag_deadline tag_idle tag_action ended'
SEEN='boot off active_up look_up cpu warned10_deadline warned2_deadline up2_deadline warned10_idle warned2_idle up2_idle doing life'

read_file() { # file names
  for name in $2; do eval "$name="; done
  [ -r "$1" ] || return 1
  while IFS='=' read -r name value; do
    case " $2 " in *" $name "*) eval "$name=\$value" ;; esac
  done <"$1"
}
write_file() { # file names
  if { for name in $2; do eval "echo \"$name=\$$name\""; done; } 2>/dev/null >"$1.new"; then mv -f "$1.new" "$1"; fi
}
load() {
  now=$(date -u +%s)
  read -r up _ <"$PROC/uptime"
  up=${up%%.*}
  read -r this_boot 2>/dev/null <"$PROC/sys/kernel/random/boot_id" || this_boot=unknown
  read_file "$STATE/state" "$KEPT"
  # A damaged file never switches the guard off.
  is_number "$minutes" || [ "$minutes" = never ] || minutes=480
  is_idle "$idle" || idle=30
  is_idle "$idle_first" || idle_first=$idle
  [ "$action" = terminate ] || action=stop
  is_number "$deadline" || [ "$deadline" = never ] || deadline=$(first_deadline)
  read_file "$RUN/guard" "$SEEN"
  is_new_boot=no
  if [ "$boot" != "$this_boot" ]; then
    for name in $SEEN; do eval "$name="; done
    is_new_boot=yes boot=$this_boot active_up=$up look_up=$up doing='the start'
  fi
  is_number "$active_up" || active_up=$up
  is_number "$look_up" || look_up=$up
}
# A look and a command at once: the second waits, so that neither is lost.
lock() {
  mkdir -p "$RUN" 2>/dev/null
  if has flock && { exec 9>"$RUN/lock"; } 2>/dev/null; then flock -w 60 9; fi
}
unlock() { { exec 9>&-; } 2>/dev/null; }
save() {
  mkdir -p "$STATE" "$RUN" 2>/dev/null
  write_file "$STATE/state" "$KEPT"
  write_file "$RUN/guard" "$SEEN"
}
first_deadline() { if [ "$minutes" = never ]; then echo never; else echo $((now + minutes * 60)); fi; }

# --- What the provider says ---------------------------------------------------------------------------------------

open_imds() {
  token=
  has curl || return 1
  token=$(curl -sf --noproxy '*' -m 2 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' \
    "$IMDS/latest/api/token" 2>/dev/null) || token=
  [ -n "$token" ]
}
imds() {
  [ -n "$token" ] &&
    curl -sf --noproxy '*' -m 2 -H "X-aws-ec2-metadata-token: $token" "$IMDS/latest/meta-data/$1" 2>/dev/null
}

# Seconds since 1970; fails for all that is no ISO time: `date` alone would take "tomorrow", or nothing for midnight.
to_seconds() {
  echo "$1" | grep -Eq '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})$' &&
    date -u -d "$1" +%s 2>/dev/null
}

# A tag counts when it changes, so that the last word wins, be it a tag or a command on the machine.
read_tags() {
  if value=$(imds tags/instance/skillet:deadline) && [ "$value" != "$tag_deadline" ]; then
    if [ "$value" = never ]; then
      deadline=never tag_deadline=$value off=
      say 'no deadline (tag)'
    elif seconds=$(to_seconds "$value"); then
      deadline=$seconds tag_deadline=$value off=
      say "the deadline is $(stamp "$seconds") (tag)"
    fi
  fi
  if value=$(imds tags/instance/skillet:idle-minutes) && [ "$value" != "$tag_idle" ]; then
    if [ "$value" = never ] || [ "$value" = 0 ]; then
      idle=never tag_idle=$value off=
      say 'no idle rule (tag)'
    elif is_idle "$value"; then
      idle=$value tag_idle=$value off=
      say "ends after $value idle minutes (tag)"
    fi
  fi
  if value=$(imds tags/instance/skillet:guard-action) && [ "$value" != "$tag_action" ]; then
    case $value in stop | terminate) action=$value tag_action=$value ;; esac
  fi
}

# --- Whether it works ---------------------------------------------------------------------------------------------

gpu_works() {
  has nvidia-smi || return 1
  used=$(limited nvidia-smi --query-gpu=utilization.gpu --format=csv,noheader,nounits 2>/dev/null) || return 1
  highest=0 is_told=yes
  for one in $used; do
    if is_number "$one"; then [ "$one" -gt "$highest" ] && highest=$one; else is_told=no; fi
  done
  if [ "$highest" -ge $GPU_PERCENT ]; then
    doing="the GPU at $highest %"
    return 0
  fi
  # Cards in parts (MIG) tell no share: a program on one counts.
  [ $is_told = no ] || return 1
  [ -n "$(limited nvidia-smi --query-compute-apps=pid --format=csv,noheader 2>/dev/null)" ] &&
    doing='a program on the GPU'
}
cpu_works() {
  before=$cpu
  # Waiting for a disk is work, too. A hundred ticks a second, on every Linux.
  read -r _ user nice system _ wait irq soft _ <"$PROC/stat"
  cpu=$((user + nice + system + wait + irq + soft))
  seconds=$((up - look_up))
  is_number "$before" && [ "$seconds" -gt 0 ] && [ "$cpu" -ge "$before" ] || return 1
  share=$(((cpu - before) / seconds))
  [ "$share" -ge $CPU_PERCENT ] && doing="the processor at $share % of a core"
}
somebody_is_here() {
  if people=$(who 2>/dev/null) && [ -n "$people" ]; then
    doing="${people%% *} signed in"
    return 0
  fi
  # SSH without a terminal: tunnels, file copies, editors. Whoever only knocks at the port has no name yet.
  if has ps && shown=$(ps -eo args= 2>/dev/null) && [ -n "$shown" ]; then
    if echo "$shown" | grep -Eq '^sshd(-session)?: [A-Za-z_][A-Za-z0-9_.-]*(@[^ ]*)?$|ssm-session-worker'; then
      doing='a connection over SSH'
      return 0
    fi
    ports='8787|8888'
  else
    ports='22|8787|8888'
  fi
  has ss || return 1
  port=$(ss -tn 2>/dev/null | awk '$1 == "ESTAB" { print $4 }' | grep -Eo ":($ports)\$" | head -n 1)
  [ -n "$port" ] && doing="a connection to port ${port#:}"
}

# --- The rules ----------------------------------------------------------------------------------------------------

judge() { # rule, its key, seconds left, what it is
  eval "told10=\$warned10_$1 told2=\$warned2_$1 up2=\$up2_$1"
  is_number "$up2" || up2=$up
  if [ -n "$told2" ] && [ "$told2" != "$2" ]; then
    warn "it goes on: not ended by $4 now."
    told2= told10=
    forget_notice "$1"
  fi
  if [ "$3" != none ]; then
    if [ "$3" -le 150 ] && [ -z "$told2" ]; then
      told2=$2 told10=$2 up2=$up
      warn "this machine will $action in 2 minutes: $4. Keep it with: sudo skillet-guard extend 1h"
      told interruption || notice guard "$action" "$(stamp $((now + ($3 > 120 ? $3 : 120))))" "$1"
    elif [ "$3" -le 630 ] && [ "$3" -gt 150 ] && [ "$told10" != "$2" ] && [ "$4" != "$brief" ]; then
      told10=$2
      warn "this machine will $action in $((($3 + 30) / 60)) minutes: $4. Keep it with: sudo skillet-guard extend 1h"
    fi
    # Nobody is ended without two minutes of warning, whatever a clock or a tag says.
    if [ "$3" -le 0 ] && [ -n "$told2" ] && [ $((up - up2)) -ge 100 ]; then ending=${ending:-$4}; fi
  fi
  eval "warned10_$1=\$told10 warned2_$1=\$told2 up2_$1=\$up2"
}
tick() {
  lock
  load
  open_imds
  if [ -n "$token" ] && [ -z "$life" ]; then life=$(imds instance-life-cycle); fi
  if this=$(imds instance-id) && [ -n "$this" ]; then
    [ -n "$instance" ] || instance=$this
    if [ "$instance" != "$this" ]; then
      echo "skillet-guard: this is $this, made from an image of $instance; it has no guard"
      return 0
    fi
  fi
  read_tags
  if [ $is_new_boot = yes ]; then
    if [ "$deadline" != never ] && [ "$deadline" -le "$now" ]; then
      # It ended at that deadline, and somebody has started it again.
      deadline=$(first_deadline)
    fi
    say "on guard: $(sentence)"
  fi
  if [ -z "$off" ]; then
    look
    ending= brief=
    if [ "$deadline" = never ]; then judge deadline never none 'the deadline'; else
      judge deadline "$deadline" $((deadline - now)) "the deadline $(stamp "$deadline")"
    fi
    what="$idle minutes without work or anybody signed in"
    # A short rule would give its early warning at every pause.
    brief=
    if [ "$idle" = never ]; then judge idle never none 'idleness'; else
      [ "$idle" -gt 15 ] || brief=$what
      judge idle "$idle-$active_up" $((idle * 60 - up + active_up)) "$what"
    fi
    if [ -n "$ending" ]; then
      ended="$(stamp "$now") $ending"
      save
      warn "this machine will $action now: $ending."
      shutdown -h now || say 'shutdown failed; trying again in a minute'
      return 0
    fi
  fi
  save
  unlock
  watch_spot
}
look() {
  was=$doing
  # All are asked: the processor's figures are the beginning of the next minute's.
  works=no
  if cpu_works; then works=yes; fi
  if gpu_works; then works=yes; fi
  if somebody_is_here; then works=yes; fi
  if [ $((up - look_up)) -gt $GAP_S ]; then works=yes doing='a time without a look'; fi
  if [ $works = yes ]; then active_up=$up; else doing=$was; fi
  look_up=$up
}

# --- Notices, for programs that want to save their work ------------------------------------------------------------

notice() { # kind action at reason
  mkdir -p "$RUN" 2>/dev/null
  quoted=null
  [ -z "$2" ] || quoted="\"$2\""
  at=null
  [ -z "$3" ] || at="\"$3\""
  echo "{\"kind\":\"$1\",\"action\":$quoted,\"at\":$at,\"reason\":\"$4\",\"seenAt\":\"$(stamp "$(date -u +%s)")\"}" \
    2>/dev/null >"$RUN/notice.new" && mv -f "$RUN/notice.new" "$RUN/notice.json"
}
forget_notice() { # reason, or any
  if grep -q "\"kind\":\"guard\".*\"reason\":\"$1" "$RUN/notice.json" 2>/dev/null; then rm -f "$RUN/notice.json"; fi
}
# A drill is not the provider's word.
told() { ! grep -q '"drill":true' "$RUN/notice.json" 2>/dev/null && grep -q "\"kind\":\"$1\"" "$RUN/notice.json" 2>/dev/null; }
field() { sed -n "s/.*\"$1\"[[:space:]]*:[[:space:]]*\"\([A-Za-z0-9:.+-]*\)\".*/\1/p" | head -n 1; }

# The provider gives two minutes, so a spot machine looks more often than its timer calls.
watch_spot() {
  [ "$life" = spot ] || return 0
  looks=0
  while [ $looks -lt "$SPOT_LOOKS" ]; do
    [ $looks -eq 0 ] || sleep "$PAUSE_S"
    looks=$((looks + 1))
    look_at_spot
  done
}
look_at_spot() {
  told interruption && return 0
  if answer=$(imds spot/instance-action) && what=$(echo "$answer" | field action) && [ -n "$what" ]; then
    when=$(echo "$answer" | field time)
    notice interruption "$what" "$when" spot
    warn "the provider takes this spot machine back ($what) at ${when:-an unknown time}."
    return 0
  fi
  told rebalance && return 0
  if answer=$(imds events/recommendations/rebalance) && [ -n "$answer" ] && ! told guard; then
    notice rebalance '' '' spot
    warn 'the provider says that this spot machine is at risk of being taken back.'
  fi
}

# --- What a person types ------------------------------------------------------------------------------------------

sentence() {
  if [ -n "$off" ]; then
    echo 'off until the next start'
    return
  fi
  both=
  [ "$deadline" = never ] || both="$action at $(stamp "$deadline")"
  [ "$idle" = never ] || both="${both:+$both, }$action after $idle minutes without work or anybody signed in"
  echo "${both:-nothing ends this machine by itself}"
}
status() {
  if [ ! -r "$STATE/state" ]; then
    echo 'no guard is installed here'
    return 1
  fi
  load
  sentence
  echo "idle for $(((up - active_up) / 60)) minutes; last: ${doing:-not known}"
  [ -z "$ended" ] || echo "ended before: $ended"
  if [ -r "$RUN/notice.json" ]; then cat "$RUN/notice.json"; fi
}
seconds_of() { # 2h, 90m, 1d
  is_number "${1%[hmd]}" || return 1
  case $1 in
  *h) echo $((${1%h} * 3600)) ;;
  *m) echo $((${1%m} * 60)) ;;
  *d) echo $((${1%d} * 86400)) ;;
  *) return 1 ;;
  esac
}
change() {
  if [ ! -w "$STATE" ]; then
    echo "skillet-guard: that needs to be root: sudo skillet-guard $*" >&2
    return 1
  fi
  lock
  load
  case $1 in
  extend)
    more=$(seconds_of "$2") || return 2
    off=
    active_up=$up
    if [ "$deadline" != never ]; then
      [ "$deadline" -gt "$now" ] || deadline=$now
      deadline=$((deadline + more))
    fi
    ;;
  idle)
    is_idle "$2" || return 2
    off= idle=$2
    ;;
  off) off=yes ;;
  on)
    off= idle=$idle_first active_up=$up
    if [ "$deadline" = never ] || [ "$deadline" -le "$now" ]; then deadline=$(first_deadline); fi
    ;;
  esac
  for rule in deadline idle; do eval "warned10_$rule= warned2_$rule= up2_$rule="; done
  forget_notice ''
  save
  warn "$(sentence) ($1)"
}
usage() {
  cat <<'END'
skillet-guard status        what ends this machine, and when
skillet-guard extend 2h     later by so much (m, h, d), and not idle just now
skillet-guard idle 60       ends after 60 minutes without work, 5 at least; or: never
skillet-guard off           not until the next start
skillet-guard on            as it was at the launch
END
}

# --- Once, at the machine's first start ---------------------------------------------------------------------------

install_guard() { # minutes idle action
  mkdir -p "$STATE" "$RUN"
  chmod 755 "$STATE" "$RUN"
  now=$(date -u +%s)
  # What an image may have brought along from another machine is forgotten.
  for name in $KEPT; do eval "$name="; done
  minutes=$1 idle=$2 idle_first=$2 action=$3
  deadline=$(first_deadline)
  rm -f "$RUN/guard" "$RUN/notice.json"
  write_file "$STATE/state" "$KEPT"
  if has systemctl; then
    cat >"$UNITS/skillet-guard.service" <<'END'
[Unit]
Description=Skillet's money guard looks whether this machine is still needed

[Service]
Type=oneshot
ExecStart=/usr/bin/skillet-guard tick
TimeoutStartSec=170
Nice=-5
END
    cat >"$UNITS/skillet-guard.timer" <<'END'
[Unit]
Description=Skillet's money guard, every minute

[Timer]
OnActiveSec=5
OnBootSec=45
OnUnitActiveSec=60
AccuracySec=1

[Install]
WantedBy=timers.target
END
    systemctl daemon-reload
    systemctl enable skillet-guard.timer
    systemctl start skillet-guard.timer
  else
    # Images of before 2018, Amazon Linux 1 among them.
    echo '* * * * * root /usr/bin/skillet-guard tick >/dev/null' >"$CRON/skillet-guard"
  fi
  # For trainers of whoever signs in: they save their work when the file says that the machine will be taken.
  grep -q '^SKILLET_NOTICE_FILE=' "$ENVIRONMENT" 2>/dev/null || echo "SKILLET_NOTICE_FILE=$RUN/notice.json" >>"$ENVIRONMENT"
  say "installed: $(off='' sentence)"
}

case ${1:-status} in
tick) tick ;;
status) status ;;
extend | idle | off | on)
  change "$@"
  code=$?
  [ $code -ne 2 ] || usage >&2
  exit $code
  ;;
install) install_guard "$2" "$3" "$4" ;;
*)
  usage
  [ "$1" = help ] || exit 2
  ;;
esac
