#!/usr/bin/env bash
# ssot-submit.sh PARTS FACTS [OPTION...] [-- CHECK-OPTION...]: maps the project on PARTS tasks of an array, reduces, prints the report.
#
# OPTIONs go to `ssot extract` and to `ssot check` (-p, --root, -c ...), CHECK-OPTIONs to `ssot check` alone (--format ...). FACTS is a folder
# that all nodes see. The exit code is that of `ssot check`: a task that was lost is a unit without facts, and so exit code 3.
# Options of sbatch and srun come from their environment variables (SBATCH_PARTITION, SLURM_PARTITION ...).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ $# -lt 2 ]; then
  sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
parts=$1 facts=$2
shift 2
options=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
[ $# = 0 ] || shift

mkdir -p "$facts"
map=$(sbatch --parsable --array="1-$parts" --output="$facts/map.%a.log" "$here/ssot-map.sh" "$facts" "${options[@]}")
# Not `sbatch --wait`, whose exit code can be 0 when the job was cancelled. `afterany`, since the reduce step itself says what is missing.
exec srun --quiet --ntasks=1 --dependency="afterany:${map%%;*}" ssot check --facts "$facts" "${options[@]}" "$@"
