#!/usr/bin/env bash
# A job whose messages are routed by the engines of its nodes, which prolog.sh has found there.
#   sbatch --nodes 2 --ntasks-per-node 16 job.sh ./program ARGUMENTS
set -euo pipefail
job=/run/buddy/job-$SLURM_JOB_ID
scontrol show hostnames "$SLURM_JOB_NODELIST" >"hosts-$SLURM_JOB_ID"
srun --ntasks-per-node=1 --ntasks="$SLURM_JOB_NUM_NODES" cat "$job/engine" >"engines-$SLURM_JOB_ID"
buddy run --hosts "hosts-$SLURM_JOB_ID" --engines "engines-$SLURM_JOB_ID" --key-file "$job/key" \
  -n "$SLURM_NTASKS" --placement engine -- "$@"
