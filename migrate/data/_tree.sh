# Lists a folder: each entry's ten fields, each followed by a NUL. Writes nothing.
LC_ALL=C
export LC_ALL
gently=
command -v nice >/dev/null 2>&1 && gently='nice -n 19'
command -v ionice >/dev/null 2>&1 && ionice -c 3 true 2>/dev/null && gently="$gently ionice -c 3"
folder=$(printf '@FOLDER@.')
cd -- "${folder%.}" || exit 1
$gently find . -xdev -printf '%y\0%m\0%u\0%g\0%s\0%T@\0%C@ %i %n\0%D\0%P\0%l\0' </dev/null
printf '\0\0decant: listed\0'
tools=
if command -v getfacl >/dev/null 2>&1; then
    tools=acl
    $gently find . -xdev ! -type l -print0 2>/dev/null | xargs -0 getfacl -p -s -- 2>/dev/null
fi
printf '\0decant: acl\0'
if command -v getfattr >/dev/null 2>&1; then
    tools="$tools xattr"
    $gently find . -xdev -print0 2>/dev/null |
        xargs -0 getfattr -h -d -e hex -m '^(user\.|security\.(capability|NTACL)$)' -- 2>/dev/null
fi
printf '\0decant: xattr\0%s' "$tools"
exit 0
