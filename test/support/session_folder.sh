#!/usr/bin/env bash
# session_folder.sh COMMAND...: runs it with a folder of its own for Open MPI's session files. In the
# folder that all programs of a user share, one that ends can remove what another has just made.
folder=$(mktemp -d "${TMPDIR:-/tmp}/buddy-test.XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 143' TERM INT
OMPI_MCA_orte_tmpdir_base=$folder "$@"
