namespace Ticketing.LocalHosting.Publishing.Kubernetes;

/// <summary>What makes three brokers one.</summary>
internal static class RabbitCluster
{
    public const int Nodes = 3;

    /// <summary>Where brokers find each other, and where they speak to each other.</summary>
    public static IReadOnlyList<int> Ports { get; } = [4369, 25672];

    public static string CookieOf(Workload broker) => $"{broker.Name}-cookie";

    public static string FileOf(Workload broker) => $"{broker.Name}-cluster.conf";

    /// <summary>The part of RabbitMQ's configuration that names the nodes.</summary>
    public static string Configuration(Workload broker) =>
        "cluster_formation.peer_discovery_backend = classic_config\n"
        + string.Concat(Enumerable.Range(0, Nodes).Select(node =>
            $"cluster_formation.classic_config.nodes.{node + 1} = rabbit@{broker.Name}-{node}.{Cluster.NodesOf(broker)}\n"))
        // The side with fewer nodes stops; quorum queues go on with the others.
        + "cluster_partition_handling = pause_minority\n";

    /// <summary>Mounts it, and starts three.</summary>
    public static IEnumerable<Map> Patch(Workload broker)
    {
        const string pod = "/spec/template/spec";
        yield return Overlays.Operation("add", "/spec/replicas", Nodes);
        yield return Overlays.Operation("add", $"{pod}/volumes/-", new Map
        {
            ["name"] = "cluster", ["configMap"] = new Map { ["name"] = $"{broker.Name}-cluster" },
        });
        yield return Overlays.Operation("add", $"{pod}/containers/0/volumeMounts/-", new Map
        {
            ["name"] = "cluster",
            ["mountPath"] = "/etc/rabbitmq/conf.d/20-cluster.conf",
            ["subPath"] = FileOf(broker),
            ["readOnly"] = true,
        });
    }
}
