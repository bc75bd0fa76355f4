namespace Ticketing.LocalHosting.Publishing.Compose;

/// <summary>A container of a Compose file.</summary>
internal static class ComposeService
{
    public static string VolumeOf(Workload workload) => $"{workload.Name}-data";

    /// <summary>The settings that say on which address and port of the machine it can be reached.</summary>
    public static (string Address, string Port) PublishedBy(Workload workload)
    {
        var name = workload.Name.ToUpperInvariant().Replace('-', '_');
        return ($"{name}_ADDRESS", $"{name}_PORT");
    }

    public static Map Describe(Workload workload, IReadOnlyList<string> networks)
    {
        var service = new Map
        {
            ["image"] = workload.Image?.Image ?? $"${{REGISTRY:-}}{Workload.RepositoryOf((ProjectResource)workload.Resource)}:${{TAG:-latest}}",
        };
        if (workload.Kind == WorkloadKind.Server)
            // Their data belong to a node of this name.
            service.Add("hostname", workload.Name);
        service
            .With("entrypoint", Literals(workload.Image?.Entrypoint))
            .With("command", Literals(workload.Image?.Args ?? workload.Resource.Arguments()))
            .With("restart", workload.Kind == WorkloadKind.Job ? "on-failure" : "unless-stopped")
            .With("stop_grace_period", $"{ServiceImage.StopSeconds}s");
        Confine(service, workload);
        service.With("environment", Environment(workload));
        if (workload.KeepsData)
            service.Add("volumes", new[] { $"{VolumeOf(workload)}:{workload.Image!.DataPath}" });
        if (workload.Image is { } image)
            service.Add("healthcheck", HealthCheck(image));
        if (DependsOn(workload) is { Count: > 0 } dependencies)
            service.Add("depends_on", dependencies);
        if (networks.Count > 0)
            service.Add("networks", networks);
        else
            service.Add("network_mode", "none");
        if (workload.External is { } endpoint)
        {
            var (address, port) = PublishedBy(workload);
            var target = workload.Ports[endpoint.Name];
            service.Add("ports", new[] { $"${{{address}:-127.0.0.1}}:${{{port}:-{target}}}:{target}" });
        }
        return service;
    }

    private static void Confine(Map service, Workload workload)
    {
        var user = workload.Image is null ? ServiceImage.User : ContainerImage.User;
        service.Add("user", $"{user}:{user}");
        service.Add("read_only", true);
        service.Add("tmpfs", (workload.Image?.Scratch ?? [ServiceImage.Scratch]).Select(path => $"{path}:uid={user},gid={user},mode=0700").ToArray());
        service.Add("cap_drop", Yaml.List("ALL"));
        service.Add("security_opt", Yaml.List("no-new-privileges:true"));
        service.Add("pids_limit", 1000);
        service.Add("mem_limit", workload.Kind == WorkloadKind.Server ? "1g" : "512m");
        // Enough to see what happened, too little to fill the disk.
        service.Add("logging", new Map { ["driver"] = "json-file", ["options"] = new Map { ["max-size"] = "10m", ["max-file"] = "3" } });
    }

    private static Map Environment(Workload workload)
    {
        var environment = new Map();
        foreach (var (name, value) in workload.Environment)
            environment.Add(name, ComposeWriter.Instance.Write(value));
        return environment;
    }

    private static Map HealthCheck(ContainerImage image) => new()
    {
        ["test"] = (string[])["CMD", .. image.HealthCommand.Select(ComposeWriter.Literal)],
        ["interval"] = "10s",
        ["timeout"] = "10s",
        ["retries"] = 6,
        ["start_period"] = "60s",
        ["start_interval"] = "2s",
    };

    private static Map DependsOn(Workload workload)
    {
        var dependencies = new Map();
        foreach (var server in workload.WaitsFor)
            dependencies.Add(server.Name, new Map { ["condition"] = server is ServerResource ? "service_healthy" : "service_started" });
        foreach (var job in workload.WaitsForTheEndOf)
            dependencies.Add(job.Name, new Map { ["condition"] = "service_completed_successfully" });
        return dependencies;
    }

    private static string[]? Literals(IReadOnlyList<string>? texts) =>
        texts is { Count: > 0 } ? [.. texts.Select(ComposeWriter.Literal)] : null;
}
