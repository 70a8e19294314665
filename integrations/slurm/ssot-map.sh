#!/usr/bin/env bash
# ssot-map.sh FACTS [OPTION...]: one task of a Slurm array; each takes its share of the units. OPTIONs are those of `ssot extract`.
#SBATCH --job-name=ssot-map
#SBATCH --requeue
#SBATCH --open-mode=append
set -euo pipefail
facts=$1
shift
count=$SLURM_ARRAY_TASK_COUNT
part=$((SLURM_ARRAY_TASK_ID - SLURM_ARRAY_TASK_MIN + 1))
# Written under another name and renamed: a task that runs twice after the loss of a node leaves one whole file.
exec ssot extract --shard "$part/$count" -o "$facts/$part-of-$count.facts" --allow-incomplete -j "${SLURM_CPUS_PER_TASK:-1}" "$@"
