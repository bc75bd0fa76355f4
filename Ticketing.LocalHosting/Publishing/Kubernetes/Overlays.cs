namespace Ticketing.LocalHosting.Publishing.Kubernetes;

/// <summary>What differs between a small cluster and a large one.</summary>
internal static class Overlays
{
    private const string Resources = "/spec/template/spec/containers/0/resources";

    /// <summary>One node or two: one replica of each service until there is more to do.</summary>
    public static Map Small(string space) => Kustomization(
        space,
        Patch("HorizontalPodAutoscaler", null, Replicas(1, 2)),
        Patch("Deployment", null, [Operation("replace", Resources, Pods.Resources(("50m", "128Mi"), ("1", "384Mi")))]),
        Patch("StatefulSet", null, [Operation("replace", Resources, Pods.Resources(("100m", "256Mi"), ("1", "768Mi")))]));

    /// <summary>An on-sale morning: many replicas, three brokers, a big database.</summary>
    public static Map Large(string space, IReadOnlyList<Workload> workloads)
    {
        var patches = new List<Map>
        {
            Patch("HorizontalPodAutoscaler", null, Replicas(3, 10)),
            Patch("Deployment", null, [Operation("replace", Resources, Pods.Resources(("500m", "256Mi"), ("2", "1Gi")))]),
            Patch("StatefulSet", null, [Operation("replace", Resources, Pods.Resources(("2", "4Gi"), ("8", "8Gi")))]),
        };
        foreach (var workload in workloads)
        {
            if (workload.Resource is PostgresServerResource)
            {
                // Ten replicas of four services with 32 connections each; a quarter of the memory for its buffers.
                string[] args = ["-c", "max_connections=1300", "-c", "shared_buffers=2GB", "-c", "max_wal_size=8GB"];
                patches.Add(Patch("StatefulSet", workload.Name, [Operation("replace", "/spec/template/spec/containers/0/args", args)]));
            }
            if (workload.KeepsData)
                patches.Add(Patch("StatefulSet", workload.Name,
                    [Operation("replace", "/spec/volumeClaimTemplates/0/spec/resources/requests/storage", "100Gi")]));
            if (workload.Resource is RabbitMQServerResource)
                patches.Add(Patch("StatefulSet", workload.Name, RabbitCluster.Patch(workload)));
        }
        var brokers = workloads.Where(workload => workload.Resource is RabbitMQServerResource).ToList();
        return Kustomization(space, patches).With("configMapGenerator", brokers.Count == 0 ? null : brokers.Select(broker => new Map
        {
            ["name"] = $"{broker.Name}-cluster", ["files"] = new[] { RabbitCluster.FileOf(broker) },
        }).ToArray());
    }

    /// <summary>One change of a JSON patch (RFC 6902).</summary>
    public static Map Operation(string verb, string path, object value) => new() { ["op"] = verb, ["path"] = path, ["value"] = value };

    private static Map[] Replicas(int min, int max) =>
        [Operation("replace", "/spec/minReplicas", min), Operation("replace", "/spec/maxReplicas", max)];

    /// <summary>Changes everything of a kind, or the one of this name.</summary>
    private static Map Patch(string kind, string? name, IEnumerable<Map> operations) => new()
    {
        ["target"] = new Map { ["kind"] = kind }.With("name", name),
        ["patch"] = Yaml.Sequence(operations),
    };

    private static Map Kustomization(string space, params IEnumerable<Map> patches) => new()
    {
        ["apiVersion"] = "kustomize.config.k8s.io/v1beta1",
        ["kind"] = "Kustomization",
        // Also for what the overlay itself adds.
        ["namespace"] = space,
        ["resources"] = Yaml.List("../../base"),
        ["patches"] = patches.ToArray(),
    };
}
