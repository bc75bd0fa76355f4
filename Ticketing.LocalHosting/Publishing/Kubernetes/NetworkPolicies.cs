namespace Ticketing.LocalHosting.Publishing.Kubernetes;

/// <summary>Who may speak to whom: whoever is given another's address, to the port of it; everybody to the name server.</summary>
internal static class NetworkPolicies
{
    private static readonly string[] PrivateAddresses =
        ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"];

    private static readonly string[] PrivateAddresses6 = ["fc00::/7", "fe80::/10", "::1/128"];

    /// <summary>Nobody may speak to anybody but the name server.</summary>
    public static IEnumerable<Map> Defaults()
    {
        yield return Policy("default-deny", new(), ingress: [], egress: []);
        yield return Policy("name-server", new(), ingress: null, egress:
        [
            new()
            {
                ["to"] = new[]
                {
                    new Map
                    {
                        ["namespaceSelector"] = Matching("kubernetes.io/metadata.name", "kube-system"),
                        ["podSelector"] = Matching("k8s-app", "kube-dns"),
                    },
                },
                ["ports"] = new[] { Port(53, "UDP"), Port(53, "TCP") },
            },
        ]);
    }

    public static Map Of(Workload workload, IReadOnlyList<Workload> all)
    {
        var callers = all.Where(other => other.Reaches.Contains(workload.Resource)).ToList();
        List<Map> ingress = [], egress = [];
        if (callers.Count > 0)
            ingress.Add(Rule("from", [.. callers.Select(PodsOf)], [.. workload.Ports.Values]));
        if (workload.External is { } endpoint)
        {
            var controller = new Map { ["namespaceSelector"] = Matching("kubernetes.io/metadata.name", Cluster.IngressNamespace) };
            ingress.Add(Rule("from", [controller], [workload.Ports[endpoint.Name]]));
        }
        foreach (var other in all.Where(other => workload.Reaches.Contains(other.Resource)))
            egress.Add(Rule("to", [PodsOf(other)], [.. other.Ports.Values]));
        foreach (var service in workload.Outside)
            egress.Add(Rule("to", [Everywhere("0.0.0.0/0", PrivateAddresses), Everywhere("::/0", PrivateAddresses6)], [service.Uri.Port]));
        if (workload.Resource is RabbitMQServerResource)
        {
            ingress.Add(Rule("from", [PodsOf(workload)], RabbitCluster.Ports));
            egress.Add(Rule("to", [PodsOf(workload)], RabbitCluster.Ports));
        }
        return Policy(workload.Name, Cluster.Selector(workload), ingress, egress);
    }

    /// <summary>Rules that are null are left to other policies.</summary>
    private static Map Policy(string name, Map pods, List<Map>? ingress, List<Map>? egress) => Cluster.Object(
        "networking.k8s.io/v1", "NetworkPolicy", name, new Map
        {
            ["podSelector"] = pods,
            ["policyTypes"] = (string[])[.. ingress is null ? [] : (string[])["Ingress"], .. egress is null ? [] : (string[])["Egress"]],
        }.With("ingress", ingress is { Count: > 0 } ? ingress : null).With("egress", egress is { Count: > 0 } ? egress : null));

    private static Map Rule(string direction, Map[] peers, IReadOnlyList<int> ports) => new()
    {
        [direction] = peers,
        ["ports"] = ports.Select(port => Port(port, "TCP")).ToArray(),
    };

    private static Map PodsOf(Workload workload) => new() { ["podSelector"] = Cluster.Selector(workload) };

    private static Map Matching(string label, string value) => new() { ["matchLabels"] = new Map { [label] = value } };

    private static Map Port(int port, string protocol) => new() { ["port"] = port, ["protocol"] = protocol };

    private static Map Everywhere(string range, string[] except) => new() { ["ipBlock"] = new Map { ["cidr"] = range, ["except"] = except } };
}
