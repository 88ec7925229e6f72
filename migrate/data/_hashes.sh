# Hashes the files that are named below, and writes nothing.
LC_ALL=C
export LC_ALL
gently=
command -v nice >/dev/null 2>&1 && gently='nice -n 19'
command -v ionice >/dev/null 2>&1 && ionice -c 3 true 2>/dev/null && gently="$gently ionice -c 3"
folder=$(printf '@FOLDER@.')
cd -- "${folder%.}" || exit 1
command -v @PROGRAM@ >/dev/null 2>&1 || { echo '@PROGRAM@: not found' >&2; exit 1; }
printf '@NAMES@' | $gently xargs -0 @PROGRAM@ --
echo 'decant: hashed'
