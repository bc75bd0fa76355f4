#!/bin/sh
# Starts RabbitMQ in a container of its own image, with the policy that our queues need: RabbitMQ 4 drops a message of a quorum
# queue that came back 20 times, and the arguments of a queue that is there already cannot say otherwise. The policy is imported at
# each start, before a client can connect; so is the user, since a server with definitions makes none by itself.
#   RABBITMQ_DEFAULT_USER, RABBITMQ_DEFAULT_PASS   the user of the services
# It is an operator policy: those go together with whatever policies of your own there are. Not -1 for "no limit": RabbitMQ 3
# takes that for 0, and drops what comes back once.
set -eu
: "${RABBITMQ_DEFAULT_USER:?is missing: the user of the services}" "${RABBITMQ_DEFAULT_PASS:?is missing: its password}"
directory=$(dirname "$0")
definitions=/tmp/definitions.json
rm -f "$definitions"
(umask 077 && cat > "$definitions") <<END
{
    "users": [{"name": "$RABBITMQ_DEFAULT_USER", "password": "$RABBITMQ_DEFAULT_PASS", "tags": ["administrator"]}],
    "vhosts": [{"name": "/"}],
    "permissions": [{"user": "$RABBITMQ_DEFAULT_USER", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"}],
    "parameters": [{"vhost": "/", "component": "operator_policy", "name": "delivery-limit", "value":
        {"pattern": ".*", "apply-to": "queues", "priority": 0, "definition": {"delivery-limit": 1000000}}}]
}
END
# The image's script goes on as the user rabbitmq where it is started by root.
if [ "$(id -u)" = 0 ] && id -u rabbitmq > /dev/null 2>&1; then chown rabbitmq "$definitions"; fi
export RABBITMQ_CONFIG_FILE="$directory/rabbitmq.conf"
exec docker-entrypoint.sh rabbitmq-server
