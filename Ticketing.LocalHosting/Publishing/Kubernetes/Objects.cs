namespace Ticketing.LocalHosting.Publishing.Kubernetes;

/// <summary>Everything that a workload is in a cluster.</summary>
internal static class Objects
{
    public static IEnumerable<Map> Of(Workload workload, IReadOnlyList<Workload> all)
    {
        yield return workload.Kind switch
        {
            WorkloadKind.Server => StatefulSet(workload),
            WorkloadKind.Job => Job(workload),
            _ => Deployment(workload),
        };
        if (workload.Ports.Count > 0)
            yield return Service(workload);
        if (workload.Kind == WorkloadKind.Server)
            yield return Nodes(workload);
        if (workload.Kind != WorkloadKind.Job)
            yield return DisruptionBudget(workload);
        if (workload.Kind == WorkloadKind.Service)
            yield return Autoscaler(workload);
        yield return NetworkPolicies.Of(workload, all);
    }

    private static Map Deployment(Workload workload) => Cluster.Object("apps/v1", "Deployment", workload.Name, new()
    {
        // How many there are is the autoscaler's business.
        ["revisionHistoryLimit"] = 5,
        ["minReadySeconds"] = 5,
        ["strategy"] = new Map { ["rollingUpdate"] = new Map { ["maxUnavailable"] = 0, ["maxSurge"] = 1 } },
        ["selector"] = Cluster.Selector(workload),
        ["template"] = Pods.Template(workload),
    });

    private static Map StatefulSet(Workload workload)
    {
        var spec = new Map
        {
            ["replicas"] = 1,
            ["serviceName"] = Cluster.NodesOf(workload),
            // The nodes of a broker find each other only when all of them start.
            ["podManagementPolicy"] = "Parallel",
            ["selector"] = Cluster.Selector(workload),
            ["template"] = Pods.Template(workload),
        };
        if (workload.KeepsData)
        {
            spec.Add("volumeClaimTemplates", new[]
            {
                new Map
                {
                    ["metadata"] = new Map { ["name"] = Pods.Data },
                    ["spec"] = new Map
                    {
                        ["accessModes"] = Yaml.List("ReadWriteOnce"),
                        ["resources"] = new Map { ["requests"] = new Map { ["storage"] = "10Gi" } },
                    },
                },
            });
        }
        return Cluster.Object("apps/v1", "StatefulSet", workload.Name, spec);
    }

    private static Map Job(Workload workload) => Cluster.Object("batch/v1", "Job", workload.Name, new()
    {
        ["backoffLimit"] = 20,
        // A job cannot be changed, only made anew.
        ["ttlSecondsAfterFinished"] = 300,
        ["template"] = Pods.Template(workload),
    });

    private static Map Service(Workload workload) => Cluster.Object("v1", "Service", workload.Name, new()
    {
        ["selector"] = Cluster.Labels(workload),
        ["ports"] = PortsOf(workload),
    });

    private static Map Nodes(Workload workload) => Cluster.Object("v1", "Service", Cluster.NodesOf(workload), new()
    {
        ["clusterIP"] = "None",
        // They must find each other before they are ready.
        ["publishNotReadyAddresses"] = true,
        ["selector"] = Cluster.Labels(workload),
        ["ports"] = PortsOf(workload),
    });

    private static Map[] PortsOf(Workload workload) =>
        [.. workload.Ports.Select(port => new Map { ["name"] = port.Key, ["port"] = port.Value, ["targetPort"] = port.Key })];

    private static Map DisruptionBudget(Workload workload) => Cluster.Object("policy/v1", "PodDisruptionBudget", workload.Name, new()
    {
        ["maxUnavailable"] = 1,
        ["selector"] = Cluster.Selector(workload),
    });

    private static Map Autoscaler(Workload workload) => Cluster.Object("autoscaling/v2", "HorizontalPodAutoscaler", workload.Name, new()
    {
        ["scaleTargetRef"] = new Map { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["name"] = workload.Name },
        ["minReplicas"] = 2,
        ["maxReplicas"] = 4,
        ["metrics"] = new[]
        {
            new Map
            {
                ["type"] = "Resource",
                ["resource"] = new Map { ["name"] = "cpu", ["target"] = new Map { ["type"] = "Utilization", ["averageUtilization"] = 70 } },
            },
        },
        // An on-sale begins at once and ends slowly.
        ["behavior"] = new Map
        {
            ["scaleUp"] = new Map { ["stabilizationWindowSeconds"] = 0 },
            ["scaleDown"] = new Map { ["stabilizationWindowSeconds"] = 600 },
        },
    });

    public static Map Ingress(Workload workload, EndpointAnnotation endpoint) => Cluster.Object("networking.k8s.io/v1", "Ingress", workload.Name, new()
    {
        // The host comes from the settings; the certificate is whoever's who makes the Secret.
        ["tls"] = new[] { new Map { ["hosts"] = Yaml.List("host"), ["secretName"] = $"{workload.Name}-tls" } },
        ["rules"] = new[]
        {
            new Map
            {
                ["host"] = "host",
                ["http"] = new Map
                {
                    ["paths"] = new[]
                    {
                        new Map
                        {
                            ["path"] = "/",
                            ["pathType"] = "Prefix",
                            ["backend"] = new Map
                            {
                                ["service"] = new Map { ["name"] = workload.Name, ["port"] = new Map { ["name"] = endpoint.Name } },
                            },
                        },
                    },
                },
            },
        },
    });
}
