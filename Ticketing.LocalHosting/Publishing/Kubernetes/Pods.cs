namespace Ticketing.LocalHosting.Publishing.Kubernetes;

/// <summary>The pods of a workload: one container, confined as far as Kubernetes' "restricted" standard asks, and further.</summary>
internal static class Pods
{
    /// <summary>The name of the volume with a server's data.</summary>
    public const string Data = "data";

    private const string Probed = "http";

    public static Map Template(Workload workload) => new()
    {
        ["metadata"] = new Map { ["labels"] = Cluster.Labels(workload) },
        ["spec"] = Spec(workload),
    };

    private static Map Spec(Workload workload)
    {
        var user = workload.Image is null ? ServiceImage.User : ContainerImage.User;
        var spec = new Map
        {
            // Nothing here speaks to Kubernetes, and addresses come by name.
            ["automountServiceAccountToken"] = false,
            ["enableServiceLinks"] = false,
            ["terminationGracePeriodSeconds"] = workload.Kind == WorkloadKind.Server ? 120 : ServiceImage.StopSeconds,
            ["securityContext"] = new Map
            {
                ["runAsNonRoot"] = true,
                ["runAsUser"] = user,
                ["runAsGroup"] = user,
                ["fsGroup"] = user,
                // Else RabbitMQ's cookie would become readable for the group, which it refuses.
                ["fsGroupChangePolicy"] = "OnRootMismatch",
                ["seccompProfile"] = new Map { ["type"] = "RuntimeDefault" },
            },
        };
        if (workload.Kind == WorkloadKind.Job)
            spec.Add("restartPolicy", "OnFailure");
        else
            spec.Add("topologySpreadConstraints", Spread(workload));
        spec.Add("containers", new[] { Container(workload) });
        spec.Add("volumes", Volumes(workload));
        return spec;
    }

    private static Map Container(Workload workload)
    {
        var image = workload.Image;
        var container = new Map
        {
            ["name"] = workload.Name,
            ["image"] = image?.Image ?? Workload.RepositoryOf((ProjectResource)workload.Resource),
        };
        container
            .With("command", NotEmpty(image?.Entrypoint))
            .With("args", NotEmpty(image?.Args ?? workload.Resource.Arguments()))
            .With("env", PodEnvironment.Of(workload));
        if (workload.Ports.Count > 0)
            container.Add("ports", workload.Ports.Select(port => new Map { ["name"] = port.Key, ["containerPort"] = port.Value }).ToArray());
        if (image is not null)
            AddServerProbes(container, workload, image);
        else if (workload.HealthPath is { } path)
            AddServiceProbes(container, path);
        container.Add("resources", Resources(workload.Kind));
        container.Add("securityContext", new Map
        {
            ["allowPrivilegeEscalation"] = false,
            ["readOnlyRootFilesystem"] = true,
            ["capabilities"] = new Map { ["drop"] = Yaml.List("ALL") },
        });
        container.Add("volumeMounts", Mounts(workload));
        return container;
    }

    /// <summary>Before it serves, a service waits for its database; how long is not a reason to kill it soon.</summary>
    private static void AddServiceProbes(Map container, string ready)
    {
        var alive = Get("/alive");
        container.Add("startupProbe", new Map(alive) { ["periodSeconds"] = 2, ["timeoutSeconds"] = 5, ["failureThreshold"] = 150 });
        container.Add("readinessProbe", new Map(Get(ready)) { ["periodSeconds"] = 5, ["timeoutSeconds"] = 5, ["failureThreshold"] = 2 });
        container.Add("livenessProbe", new Map(alive) { ["periodSeconds"] = 10, ["timeoutSeconds"] = 5, ["failureThreshold"] = 6 });
    }

    private static void AddServerProbes(Map container, Workload workload, ContainerImage image)
    {
        var serves = new Map { ["exec"] = new Map { ["command"] = image.HealthCommand } };
        var listens = new Map { ["tcpSocket"] = new Map { ["port"] = workload.Ports.Keys.First() } };
        container.Add("startupProbe", new Map(listens) { ["periodSeconds"] = 5, ["failureThreshold"] = 120 });
        container.Add("readinessProbe", new Map(serves) { ["periodSeconds"] = 15, ["timeoutSeconds"] = 10, ["failureThreshold"] = 2 });
        container.Add("livenessProbe", new Map(listens) { ["periodSeconds"] = 20, ["timeoutSeconds"] = 5, ["failureThreshold"] = 6 });
    }

    private static Map Get(string path) => new() { ["httpGet"] = new Map { ["path"] = path, ["port"] = Probed } };

    private static Map Resources(WorkloadKind kind) => kind == WorkloadKind.Server
        ? Resources(("250m", "512Mi"), ("2", "1Gi"))
        : Resources(("100m", "192Mi"), ("1", "512Mi"));

    public static Map Resources((string Cpu, string Memory) requests, (string Cpu, string Memory) limits) => new()
    {
        ["requests"] = new Map { ["cpu"] = requests.Cpu, ["memory"] = requests.Memory },
        ["limits"] = new Map { ["cpu"] = limits.Cpu, ["memory"] = limits.Memory },
    };

    /// <summary>Replicas keep apart where they can: from zone to zone, and from node to node.</summary>
    private static Map[] Spread(Workload workload) => [.. ((string[])["topology.kubernetes.io/zone", "kubernetes.io/hostname"])
        .Select(place => new Map
        {
            ["maxSkew"] = 1,
            ["topologyKey"] = place,
            ["whenUnsatisfiable"] = "ScheduleAnyway",
            ["labelSelector"] = Cluster.Selector(workload),
        })];

    private static Map[] Mounts(Workload workload)
    {
        var mounts = Scratch(workload).Select((path, index) => new Map { ["name"] = $"scratch-{index}", ["mountPath"] = path });
        return workload.Image is { } image
            ? [.. mounts, new Map { ["name"] = Data, ["mountPath"] = image.DataPath }]
            : [.. mounts];
    }

    private static Map[] Volumes(Workload workload)
    {
        var volumes = Scratch(workload).Select((_, index) => new Map
        {
            ["name"] = $"scratch-{index}", ["emptyDir"] = new Map { ["sizeLimit"] = "256Mi" },
        });
        // Else it is claimed by the StatefulSet.
        return workload is { Kind: WorkloadKind.Server, KeepsData: false }
            ? [.. volumes, new Map { ["name"] = Data, ["emptyDir"] = new Map() }]
            : [.. volumes];
    }

    private static IReadOnlyList<string> Scratch(Workload workload) => workload.Image?.Scratch ?? [ServiceImage.Scratch];

    private static IReadOnlyList<string>? NotEmpty(IReadOnlyList<string>? texts) => texts is { Count: > 0 } ? texts : null;
}
