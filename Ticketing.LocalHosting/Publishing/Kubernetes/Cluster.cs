namespace Ticketing.LocalHosting.Publishing.Kubernetes;

/// <summary>Names that several of the files share.</summary>
internal static class Cluster
{
    /// <summary>The ConfigMap of all parameters that are no secrets.</summary>
    public const string Settings = "settings";

    /// <summary>The Secret of all that are.</summary>
    public const string Secrets = "secrets";

    /// <summary>The label by which everything of a workload is found.</summary>
    public const string NameLabel = "app.kubernetes.io/name";

    /// <summary>The namespace of the Ingress controller; only from there the site can be reached.</summary>
    public const string IngressNamespace = "ingress-nginx";

    /// <summary>The setting that says under which name people reach a workload.</summary>
    public static string HostSettingOf(Workload workload) => $"{workload.Name}-host";

    /// <summary>The Service that gives each replica of a server a name of its own.</summary>
    public static string NodesOf(Workload workload) => $"{workload.Name}-nodes";

    public static Map Object(string apiVersion, string kind, string name, Map? spec) => new Map
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["metadata"] = new Map { ["name"] = name, ["labels"] = new Map { [NameLabel] = name } },
    }.With("spec", spec);

    public static Map Labels(Workload workload) => new() { [NameLabel] = workload.Name };

    public static Map Selector(Workload workload) => new() { ["matchLabels"] = Labels(workload) };

    public static Map FromSecret(string key) => From("secretKeyRef", Secrets, key);

    public static Map FromSettings(string key) => From("configMapKeyRef", Settings, key);

    private static Map From(string kind, string name, string key) => new() { [kind] = new Map { ["name"] = name, ["key"] = key } };
}
