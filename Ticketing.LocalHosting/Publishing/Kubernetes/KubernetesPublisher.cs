using Ticketing.LocalHosting.Engine;

namespace Ticketing.LocalHosting.Publishing.Kubernetes;

/// <summary>
/// Writes the application as a kustomize base with overlays for a small and a large cluster:
/// <c>--publisher kubernetes --output-path DIRECTORY</c>.
/// </summary>
internal sealed class KubernetesPublisher(ApplicationModel model) : IPublisher
{
    private const string Comment = """
        Made from the AppHost by --publisher kubernetes; changes here are lost. Settings and secrets are in files that
        ./prepare.sh makes. Own changes go into an overlay of one's own.
        """;

    public void Write(string path)
    {
        var workloads = Workload.Of(model);
        var @base = new Output(Path.Combine(path, "base"));
        List<string> files = ["namespace.yaml", "network.yaml"];
        @base.Write("namespace.yaml", Yaml.Write(Comment, Namespace()));
        @base.Write("network.yaml", Yaml.Write(Comment, NetworkPolicies.Defaults()));
        foreach (var workload in workloads)
        {
            files.Add($"{workload.Name}.yaml");
            @base.Write(files[^1], Yaml.Write(Comment, Objects.Of(workload, workloads)));
        }
        foreach (var workload in workloads)
        {
            if (workload.External is not { } endpoint)
                continue;
            files.Add($"{workload.Name}-ingress.yaml");
            @base.Write(files[^1], Yaml.Write(Comment, Objects.Ingress(workload, endpoint)));
        }
        @base.Write("kustomization.yaml", Yaml.Write(Comment, Kustomization(files, workloads)));
        WriteSettings(@base, workloads);

        new Output(Path.Combine(path, "overlays", "small")).Write("kustomization.yaml", Yaml.Write(Comment, Overlays.Small(model.ApplicationName)));
        var large = new Output(Path.Combine(path, "overlays", "large"));
        large.Write("kustomization.yaml", Yaml.Write(Comment, Overlays.Large(model.ApplicationName, workloads)));
        foreach (var broker in workloads.Where(workload => workload.Resource is RabbitMQServerResource))
            large.Write(RabbitCluster.FileOf(broker), RabbitCluster.Configuration(broker));
    }

    private void WriteSettings(Output @base, IReadOnlyList<Workload> workloads)
    {
        var used = model.Resources.OfType<ParameterResource>()
            .Where(parameter => workloads.Any(workload => workload.Parameters.Contains(parameter))).ToList();
        var settings = new SettingsFile("settings.env", parameter => parameter.Name);
        foreach (var workload in workloads.Where(workload => workload.External is not null))
            settings.Add(Cluster.HostSettingOf(workload), SettingsFile.Required, $"The host name under which people reach {workload.Name}, e.g. tickets.example.");
        settings.Add(used.Where(parameter => !parameter.Secret));
        var secrets = new SettingsFile("secrets.env", parameter => parameter.Name).Add(used.Where(parameter => parameter.Secret));
        foreach (var broker in workloads.Where(workload => workload.Resource is RabbitMQServerResource))
            secrets.Add(RabbitCluster.CookieOf(broker), SettingsFile.Generated, "By this the nodes of a cluster know each other.");
        SettingsFile[] files = [settings, secrets];
        foreach (var file in files)
            @base.Write(file.TemplateName, file.Template);
        @base.Write("prepare.sh", SettingsFile.Script(files));
        @base.Write(".gitignore", "settings.env\nsecrets.env\n");
    }

    private Map Namespace()
    {
        var space = Cluster.Object("v1", "Namespace", model.ApplicationName, null);
        space["metadata"] = new Map
        {
            ["name"] = model.ApplicationName,
            ["labels"] = new Map { ["pod-security.kubernetes.io/enforce"] = "restricted", ["pod-security.kubernetes.io/warn"] = "restricted" },
        };
        return space;
    }

    private Map Kustomization(IReadOnlyList<string> files, IReadOnlyList<Workload> workloads) => new Map
    {
        ["apiVersion"] = "kustomize.config.k8s.io/v1beta1",
        ["kind"] = "Kustomization",
        ["namespace"] = model.ApplicationName,
        ["labels"] = new[] { new Map { ["pairs"] = new Map { ["app.kubernetes.io/part-of"] = model.ApplicationName }, ["includeTemplates"] = true } },
        ["resources"] = files,
        // Their names carry a hash of what is in them, so that a change starts the pods anew.
        ["configMapGenerator"] = Generate(Cluster.Settings, "settings.env"),
        ["secretGenerator"] = Generate(Cluster.Secrets, "secrets.env"),
    }.With("replacements", workloads.Any(workload => workload.External is not null)
        ? workloads.Where(workload => workload.External is not null).Select(Host).ToArray()
        : null);

    private static Map[] Generate(string name, string file) => [new() { ["name"] = name, ["envs"] = new[] { file } }];

    /// <summary>Puts the host name of the settings into the Ingress.</summary>
    private static Map Host(Workload workload) => new()
    {
        ["source"] = new Map { ["kind"] = "ConfigMap", ["name"] = Cluster.Settings, ["fieldPath"] = $"data.{Cluster.HostSettingOf(workload)}" },
        ["targets"] = new[]
        {
            new Map
            {
                ["select"] = new Map { ["kind"] = "Ingress", ["name"] = workload.Name },
                ["fieldPaths"] = new[] { "spec.rules.0.host", "spec.tls.0.hosts.0" },
            },
        },
    };
}
