namespace Ticketing.LocalHosting.Publishing.Kubernetes;

/// <summary>A container's environment. A value that is a parameter comes from the Secret or the ConfigMap; for one that has
/// parameters in it these come first, as variables of their own.</summary>
internal static class PodEnvironment
{
    public static Map[]? Of(Workload workload)
    {
        var parts = ValueParts.Of(workload.Environment.Values.Where(value => value is not ParameterResource)).Parameters;
        var variables = workload.Parameters.Where(parts.Contains)
            .Select(parameter => From(ClusterWriter.VariableOf(parameter), parameter))
            .Concat(workload.Environment.Select(variable => variable.Value is ParameterResource parameter
                ? From(variable.Key, parameter)
                : new Map { ["name"] = variable.Key, ["value"] = KubernetesWriter.Instance.Write(variable.Value) }))
            .Concat(workload.Resource is RabbitMQServerResource ? RabbitNode(workload) : [])
            .ToArray();
        return variables.Length > 0 ? variables : null;
    }

    private static Map From(string name, ParameterResource parameter) => new()
    {
        ["name"] = name,
        ["valueFrom"] = parameter.Secret ? Cluster.FromSecret(parameter.Name) : Cluster.FromSettings(parameter.Name),
    };

    /// <summary>
    /// A broker's data belong to its node's name. So that one broker can become a cluster of three, it has a name from the start
    /// by which the others will find it, and the cookie by which they will know each other.
    /// </summary>
    private static IEnumerable<Map> RabbitNode(Workload workload) =>
    [
        new() { ["name"] = "POD_NAME", ["valueFrom"] = new Map { ["fieldRef"] = new Map { ["fieldPath"] = "metadata.name" } } },
        new() { ["name"] = "RABBITMQ_USE_LONGNAME", ["value"] = "true" },
        new() { ["name"] = "RABBITMQ_NODENAME", ["value"] = $"rabbit@$(POD_NAME).{Cluster.NodesOf(workload)}" },
        new() { ["name"] = "RABBITMQ_ERLANG_COOKIE", ["valueFrom"] = Cluster.FromSecret(RabbitCluster.CookieOf(workload)) },
    ];
}
