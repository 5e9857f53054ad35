#!/bin/sh
# Closes its standard input after the first sequence's first operation, and stays.
read -r line
echo '{"ok":true,"name":"a test","ops":["load"]}'
read -r line
echo '{"ok":true,"name":"a test","ops":["load"]}'
read -r line
echo '{"ret":null}'
exec 0<&-
exec sleep 60
