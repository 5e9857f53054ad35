#!/bin/sh
# Closes its standard output after the first sequence's first operation, and stays.
read -r line
echo '{"ok":true,"name":"a test","ops":["load"]}'
read -r line
echo '{"ok":true,"name":"a test","ops":["load"]}'
read -r line
echo '{"ret":null}'
exec 1>&-
exec sleep 60
