#!/bin/sh
# Makes settings.env and secrets.env beside this from the templates: what is <generated> becomes a random secret. What is there
# already stays, so this can run again at any time. It ends with 1 while something that is <required> is empty.
set -eu
cd "$(dirname "$0")"
umask 077
missing=
for file in settings.env secrets.env; do
    touch "$file"
    while IFS= read -r line; do
        name=${line%%=*} value=${line#*=}
        case $line in '#'* | '') continue ;; esac
        case $value in
            '<generated>') value=$(head -c 1024 /dev/urandom | LC_ALL=C tr -dc A-Za-z0-9 | cut -c -40) ;;
            '<required>') value= ;;
        esac
        grep -q "^$name=" "$file" || printf '%s=%s\n' "$name" "$value" >> "$file"
        case $line in *'=<required>') if grep -q "^$name=\$" "$file"; then missing="$missing $file:$name"; fi ;; esac
    done < "$file.template"
done
if [ -n "$missing" ]; then
    echo "Fill in:$missing" >&2
    exit 1
fi
