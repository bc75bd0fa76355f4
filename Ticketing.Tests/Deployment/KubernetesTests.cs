using System.Text.RegularExpressions;
using Shouldly;
using Ticketing.ServiceDefaults;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Ticketing.Tests.Deployment;

/// <summary>The kustomize base and overlays, by the rules that a cluster would find broken only when it runs.</summary>
public sealed partial class KubernetesTests
{
    // A slash of a name is written as "|" in paths.
    private const string Label = "app.kubernetes.io|name";
    private const string Selected = $"podSelector/matchLabels/{Label}";
    private const string Pod = "spec/template/spec";

    private static readonly string Base = DeployFolder.PathOf("kubernetes", "base");

    private List<YamlMappingNode> objects =
        [.. FilesOfBase().SelectMany(file => Yaml.Documents(File.ReadAllText(Path.Combine(Base, file))))];

    private IEnumerable<YamlMappingNode> Workloads => objects.Where(item => item.At(Pod) is not null);

    [Fact]
    public void Every_file_is_in_the_base() => Kustomization(Base).Texts("resources").ShouldBe([.. FilesOfBase(), "../../database", "../../rabbitmq"], ignoreOrder: true);

    [Fact]
    public void Everything_is_valid_by_the_schema_of_its_kind()
    {
        KubernetesSchema.Errors(objects).ShouldBeEmpty();

        // The control: what is wrong is found.
        ((YamlMappingNode)Of("Deployment", "orders").At(Pod)!).Add("tolerationSeconds", "1");
        ((YamlMappingNode)Of("HorizontalPodAutoscaler", "orders").At("spec")!).Children.Remove(new YamlScalarNode("maxReplicas"));
        var errors = KubernetesSchema.Errors(objects);
        errors.ShouldContain(error => error.StartsWith("Deployment orders/spec/template/spec/tolerationSeconds: ", StringComparison.Ordinal));
        errors.ShouldContain(error => error.StartsWith("HorizontalPodAutoscaler orders/spec: ", StringComparison.Ordinal) && error.Contains("maxReplicas", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_selector_finds_its_pods_and_every_name_leads_somewhere()
    {
        foreach (var item in objects)
        {
            var (kind, name) = (item.Text("kind"), item.Text("metadata/name"));
            string[] selectors = kind switch
            {
                "Service" => [$"spec/selector/{Label}"],
                "Deployment" or "StatefulSet" or "PodDisruptionBudget" => [$"spec/selector/matchLabels/{Label}"],
                _ => [],
            };
            foreach (var selector in selectors)
                Workloads.Count(workload => workload.Text($"spec/template/metadata/labels/{Label}") == item.Text(selector)).ShouldBe(1, $"{kind} {name}");
            foreach (var port in kind == "Service" ? item.Each("spec/ports") : [])
                PortsOf(item.Text($"spec/selector/{Label}")).Keys.ShouldContain(port.Text("targetPort"), name);
            if (kind == "HorizontalPodAutoscaler")
                Of(item.Text("spec/scaleTargetRef/kind"), item.Text("spec/scaleTargetRef/name"));
            if (kind == "StatefulSet")
                Of("Service", item.Text("spec/serviceName")).Text("spec/clusterIP").ShouldBe("None");
            if (kind == "Ingress")
            {
                var backend = item.At("spec/rules/0/http/paths/0/backend/service")!;
                Of("Service", backend.Text("name")).Each("spec/ports").ShouldContain(port => port.Text("name") == backend.Text("port/name"));
                item.At("spec/tls/0/secretName").ShouldNotBeNull();
            }
        }
        foreach (var workload in Workloads)
        {
            var container = workload.At($"{Pod}/containers/0")!;
            foreach (var probe in (string[])["startupProbe", "readinessProbe", "livenessProbe"])
            {
                if ((container.At($"{probe}/httpGet/port") ?? container.At($"{probe}/tcpSocket/port")) is YamlScalarNode port)
                    container.Each("ports").ShouldContain(known => known.Text("name") == port.Value);
            }
            var volumes = workload.Each($"{Pod}/volumes").Select(volume => volume.Text("name"))
                .Concat(workload.Each("spec/volumeClaimTemplates").Select(claim => claim.Text("metadata/name")));
            foreach (var volume in workload.Each($"{Pod}/volumes").Where(volume => volume.At("configMap") is not null))
                ConfigMaps().ShouldContain(volume.Text("configMap/name"), NameOf(workload));
            container.Each("volumeMounts").Select(mount => mount.Text("name")).ShouldBe(volumes, ignoreOrder: true);
        }
    }

    [Fact]
    public void Every_setting_in_an_environment_is_in_the_templates_and_no_secret_is_in_a_file()
    {
        var settings = KeysOf("settings.env.template");
        var secrets = KeysOf("secrets.env.template");
        Workloads.SelectMany(workload => workload.Each($"{Pod}/containers/0/env")).Select(variable => variable.At("valueFrom/secretKeyRef/key")?.ToString())
            .OfType<string>().ToHashSet().ShouldBe(secrets, ignoreOrder: true);
        foreach (var workload in Workloads)
        {
            var before = new HashSet<string>();
            foreach (var variable in workload.Each($"{Pod}/containers/0/env"))
            {
                if (variable.At("valueFrom/configMapKeyRef") is { } setting)
                    settings.ShouldContain(setting.Text("key"));
                // Kubernetes fills in only what comes earlier in the list.
                foreach (Match used in Variable().Matches(variable.At("value")?.ToString() ?? ""))
                    before.ShouldContain(used.Groups[1].Value);
                before.Add(variable.Text("name"));
            }
        }
        File.ReadAllLines(Path.Combine(Base, "secrets.env.template")).Where(line => !line.StartsWith('#'))
            .ShouldAllBe(line => line.EndsWith("=<generated>") || line.EndsWith("=<required>"));
        File.ReadAllLines(Path.Combine(Base, ".gitignore")).ShouldBe(["settings.env", "secrets.env"]);
        Kustomization(Base).Text("replacements/0/source/fieldPath").ShouldBe("data.web-host");
        settings.ShouldContain("web-host");
    }

    [Fact]
    public void Whoever_is_given_an_address_can_reach_it_and_nobody_else_can()
    {
        var meant = Workloads.SelectMany(workload => Workloads.Where(other => other != workload && IsGiven(workload, NameOf(other)))
            .Select(other => $"{NameOf(workload)} -> {NameOf(other)}")).ToList();
        var leaves = objects.Where(item => item.Text("kind") == "NetworkPolicy").SelectMany(policy => policy.Each("spec/egress")
            .SelectMany(rule => rule.Each("to")).Where(peer => peer.At(Selected) is not null)
            .Select(peer => $"{NameOf(policy)} -> {peer.Text(Selected)}")).ToList();
        var enters = objects.Where(item => item.Text("kind") == "NetworkPolicy").SelectMany(policy => policy.Each("spec/ingress")
            .SelectMany(rule => rule.Each("from")).Where(peer => peer.At("podSelector") is not null)
            .Select(peer => $"{peer.Text(Selected)} -> {NameOf(policy)}")).ToList();

        // A broker's nodes reach each other.
        leaves.ShouldBe([.. meant, "rabbitmq -> rabbitmq"], ignoreOrder: true);
        enters.ShouldBe([.. meant, "rabbitmq -> rabbitmq"], ignoreOrder: true);
        PolicyOf("default-deny").Texts("spec/policyTypes").ShouldBe(["Ingress", "Egress"]);
        PolicyOf("default-deny").Names("spec").ShouldBe(["podSelector", "policyTypes"]);
        objects.Where(item => item.AllTexts().Contains("0.0.0.0/0")).Select(NameOf).ShouldBe(["payments"]);
        PolicyOf("payments").Each("spec/egress").Single(rule => rule.At("to/0/ipBlock") is not null).Text("ports/0/port").ShouldBe("443");
        objects.Where(item => item.AllTexts().Contains("ingress-nginx")).Select(NameOf).ShouldBe(["web"]);
    }

    [Fact]
    public void The_broker_imports_its_policy_and_whoever_waits_for_the_site_waits_longer_than_it()
    {
        var broker = Of("StatefulSet", "rabbitmq").At($"{Pod}/containers/0")!;
        broker.Texts("command").ShouldBe(["/bin/sh", "/broker/start.sh"]);
        int.Parse(Of("Ingress", "web").Text("metadata/annotations/nginx.ingress.kubernetes.io|proxy-read-timeout"))
            .ShouldBeGreaterThan((int)TimeLimits.Payment.TotalSeconds);
        foreach (var probe in Workloads.Select(workload => workload.At($"{Pod}/containers/0/readinessProbe")).Where(probe => probe?.At("httpGet") is not null))
            int.Parse(probe!.Text("timeoutSeconds")).ShouldBeGreaterThan(2, "/health answers within 2 s");
    }

    [Fact]
    public void Every_pod_is_confined_and_has_time_to_finish()
    {
        foreach (var workload in Workloads)
        {
            var (name, pod, container) = (NameOf(workload), workload.At(Pod)!, workload.At($"{Pod}/containers/0")!);
            pod.Text("automountServiceAccountToken").ShouldBe("false", name);
            pod.Text("enableServiceLinks").ShouldBe("false", name);
            pod.Text("securityContext/runAsNonRoot").ShouldBe("true", name);
            pod.Text("securityContext/seccompProfile/type").ShouldBe("RuntimeDefault", name);
            container.Text("securityContext/readOnlyRootFilesystem").ShouldBe("true", name);
            container.Text("securityContext/allowPrivilegeEscalation").ShouldBe("false", name);
            container.Texts("securityContext/capabilities/drop").ShouldBe(["ALL"], name);
            container.Names("resources").ShouldBe(["requests", "limits"], name);
            if (container.Each("env").FirstOrDefault(variable => variable.Text("name") == "Shutdown__DrainSeconds") is { } drains)
                int.Parse(pod.Text("terminationGracePeriodSeconds")).ShouldBeGreaterThan(int.Parse(drains.Text("value")) + 10, name);
            if (workload.Text("kind") == "Deployment")
            {
                container.Text("readinessProbe/httpGet/path").ShouldBe("/health", name);
                container.Text("livenessProbe/httpGet/path").ShouldBe("/alive", name);
                container.Text("startupProbe/httpGet/path").ShouldBe("/alive", name);
                pod.Each("topologySpreadConstraints").ShouldNotBeEmpty(name);
                Of("HorizontalPodAutoscaler", name);
            }
            if (workload.Text("kind") != "Job")
                Of("PodDisruptionBudget", name);
        }
        Workloads.Where(workload => workload.Text("kind") == "Job").Select(NameOf).ShouldBe(
            ["database-setup", "auth-migrations", "tickets-migrations", "orders-migrations", "payments-migrations"], ignoreOrder: true);
        Workloads.Where(workload => workload.Text("kind") == "StatefulSet").Select(NameOf).ShouldBe(["postgres", "redis", "rabbitmq"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("small", "1", "1")]
    [InlineData("large", "3", "3")]
    public async Task Kustomize_builds_the_overlays(string overlay, string minReplicas, string brokers)
    {
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(path => File.Exists(Path.Combine(path, "kubectl"))), "kubectl is not there");
        using var folder = new TemporaryFolder();
        foreach (var part in (string[])["database", "rabbitmq", "kubernetes"])
            (await DeployFolder.RunAsync("cp", "-r", DeployFolder.PathOf(part), folder.Path)).ExitCode.ShouldBe(0);
        var kubernetes = Path.Combine(folder.Path, "kubernetes");
        (await DeployFolder.RunAsync(Path.Combine(kubernetes, "base", "prepare.sh"))).ExitCode.ShouldBe(1, "some settings are the operator's");
        foreach (var file in (string[])["settings.env", "secrets.env"])
        {
            var path = Path.Combine(kubernetes, "base", file);
            File.WriteAllLines(path, File.ReadAllLines(path).Select(line => line.EndsWith('=') ? $"{line}tickets.example" : line));
        }

        var (exitCode, output) = await DeployFolder.RunAsync("kubectl", "kustomize", Path.Combine(kubernetes, "overlays", overlay));

        exitCode.ShouldBe(0, output);
        objects = [.. Yaml.Documents(output)];
        Of("HorizontalPodAutoscaler", "orders").Text("spec/minReplicas").ShouldBe(minReplicas);
        Of("StatefulSet", "rabbitmq").Text("spec/replicas").ShouldBe(brokers);
        Of("Ingress", "web").Text("spec/rules/0/host").ShouldBe("tickets.example");
        Of("Ingress", "web").Text("spec/tls/0/hosts/0").ShouldBe("tickets.example");
        objects.Where(item => item.Text("kind") != "Namespace").ShouldAllBe(item => item.Text("metadata/namespace") == "ticketing");
        KubernetesSchema.Errors(objects).ShouldBeEmpty();
        // Names with hashes are the same on both sides.
        var secret = objects.Single(item => item.Text("kind") == "Secret");
        objects.SelectMany(item => item.Each($"{Pod}/containers/0/env")).Select(variable => variable.At("valueFrom/secretKeyRef/name")?.ToString())
            .OfType<string>().Distinct().ShouldBe([NameOf(secret)]);
        var scripts = objects.Single(item => item.Text("kind") == "ConfigMap" && item.Names("data").Contains("setup.sh"));
        Of("Job", "database-setup").Text($"{Pod}/volumes/0/configMap/name").ShouldBe(NameOf(scripts));
        scripts.Text("data/database.sql").ShouldBe(await File.ReadAllTextAsync(DeployFolder.PathOf("database", "database.sql"), TestContext.Current.CancellationToken));
    }

    private YamlMappingNode Of(string kind, string name) => objects.Single(item => item.Text("kind") == kind && NameOf(item) == name);

    private YamlMappingNode PolicyOf(string name) => Of("NetworkPolicy", name);

    private static IEnumerable<string> FilesOfBase() =>
        Directory.GetFiles(Base, "*.yaml").Select(file => Path.GetFileName(file)).Where(name => name != "kustomization.yaml");

    private static YamlMappingNode Kustomization(string directory) =>
        Yaml.Documents(File.ReadAllText(Path.Combine(directory, "kustomization.yaml"))).Single();

    private static IEnumerable<string> ConfigMaps() =>
        ((string[])[Base, DeployFolder.PathOf("database"), DeployFolder.PathOf("rabbitmq")]).SelectMany(directory => Kustomization(directory).Each("configMapGenerator")).Select(map => map.Text("name"));

    private Dictionary<string, string> PortsOf(string workload) => Workloads.Single(item => NameOf(item) == workload)
        .Each($"{Pod}/containers/0/ports").ToDictionary(port => port.Text("name"), port => port.Text("containerPort"));

    private static HashSet<string> KeysOf(string file) =>
        [.. File.ReadAllLines(Path.Combine(Base, file)).Where(line => !line.StartsWith('#')).Select(line => line.Split('=')[0])];

    private static bool IsGiven(YamlMappingNode workload, string other) => workload.Each($"{Pod}/containers/0/env")
        .Any(variable => Regex.IsMatch(variable.At("value")?.ToString() ?? "", $"(^|Host=|//|@){other}([:;]|$)"));

    private static string NameOf(YamlNode item) => item.Text("metadata/name");

    [GeneratedRegex(@"(?<!\$)\$\((\w+)\)")]
    private static partial Regex Variable();
}
