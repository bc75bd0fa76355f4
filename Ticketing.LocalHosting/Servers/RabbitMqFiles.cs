using System.Globalization;

namespace Ticketing.LocalHosting.Servers;

/// <summary>The settings of a private RabbitMQ: its configuration file and its environment.</summary>
internal static class RabbitMqFiles
{
    public static string Configuration(int port, string user, string password, int? managementPort) => $"""
        listeners.tcp.1 = 127.0.0.1:{port}
        default_user = {user}
        default_pass = {password}
        default_user_tags.administrator = true
        log.console = true
        log.console.level = warning
        log.file = false
        # Quorum queues keep their newest entries in memory until the log file is full: 32 MB of them instead of 512.
        raft.wal_max_size_bytes = 33554432

        """ + (managementPort is null ? "" : $"""
        management.tcp.ip = 127.0.0.1
        management.tcp.port = {managementPort}
        management.disable_stats = true

        """);

    public static Dictionary<string, string?> Environment(string directory, int distributionPort, int epmdPort) => new()
    {
        // Erlang keeps its cookie there.
        ["HOME"] = directory,
        // Data belong to a node's name, so it never changes; epmd is our own, so it need not be unique.
        ["RABBITMQ_NODENAME"] = "ticketing@localhost",
        ["RABBITMQ_CONF_ENV_FILE"] = $"{directory}/none",
        ["RABBITMQ_CONFIG_FILE"] = $"{directory}/rabbitmq.conf",
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = $"{directory}/enabled_plugins",
        ["RABBITMQ_MNESIA_BASE"] = $"{directory}/mnesia",
        ["RABBITMQ_LOG_BASE"] = $"{directory}/log",
        // Before the configuration file is read.
        ["RABBITMQ_LOG"] = "warning,-color",
        ["RABBITMQ_PID_FILE"] = $"{directory}/pid",
        ["RABBITMQ_DIST_PORT"] = distributionPort.ToString(CultureInfo.InvariantCulture),
        ["ERL_EPMD_PORT"] = epmdPort.ToString(CultureInfo.InvariantCulture),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["ERL_CRASH_DUMP_SECONDS"] = "0",
        // A lean Erlang VM: it shares the machine with a dozen processes, so it never spins while it waits for work.
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
            "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none",
        // Makes the start script become the VM instead of waiting for it, so that its pid and signals are the broker's.
        ["RUNNING_UNDER_SYSTEMD"] = "true",
        ["NOTIFY_SOCKET"] = null,
    };
}
