using System.Globalization;
using Ticketing.LocalHosting.Engine;

namespace Ticketing.LocalHosting.Publishing.Compose;

/// <summary>
/// Writes the application as a Compose file for one machine, with a template of the settings that it takes:
/// <c>--publisher docker-compose --output-path DIRECTORY</c>.
/// </summary>
internal sealed class ComposePublisher(ApplicationModel model) : IPublisher
{
    private const string Comment = """
        Made from the AppHost by --publisher docker-compose; changes here are lost. Settings and secrets are in .env, which
        ./prepare.sh makes. Own changes go into compose.override.yaml.
        """;

    public void Write(string path)
    {
        var workloads = Workload.Of(model);
        var networks = new ComposeNetworks(workloads);
        var services = new Map();
        foreach (var workload in workloads)
            services.Add(workload.Name, ComposeService.Describe(workload, networks.Of(workload)));
        var volumes = new Map();
        foreach (var workload in workloads.Where(workload => workload.KeepsData))
            volumes.Add(ComposeService.VolumeOf(workload), new Map());

        var output = new Output(path);
        output.Write("docker-compose.yaml", Yaml.Write(Comment, new Map
        {
            ["name"] = model.ApplicationName,
            ["services"] = services,
            ["networks"] = networks.All,
            ["volumes"] = volumes,
        }));
        var settings = new SettingsFile(".env", ClusterWriter.VariableOf)
            .Add("REGISTRY", "", "Where the images are, with a slash at the end (registry.example/); nothing: on this machine.")
            .Add("TAG", "latest", "Their tag.")
            .Add("NETWORK", "10.213", "The first half of the addresses of the networks.");
        foreach (var workload in workloads.Where(workload => workload.External is not null))
        {
            var (address, port) = ComposeService.PublishedBy(workload);
            settings
                .Add(address, "127.0.0.1", $"Where {workload.Name} listens. It believes X-Forwarded-*: only a proxy that ends TLS may reach it.")
                .Add(port, workload.Ports.Values.First().ToString(CultureInfo.InvariantCulture), "And its port.");
        }
        settings.Add(model.Resources.OfType<ParameterResource>().Where(parameter => workloads.Any(workload => workload.Parameters.Contains(parameter))));
        output.Write(settings.TemplateName, settings.Template);
        output.Write("prepare.sh", SettingsFile.Script(settings));
        output.Write(".gitignore", ".env\n");
    }
}
