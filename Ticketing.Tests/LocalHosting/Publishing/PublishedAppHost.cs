using System.Diagnostics;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Ticketing.Tests.LocalHosting.Publishing;

/// <summary>What the real AppHost publishes, and how it is read.</summary>
internal static class PublishedAppHost
{
    public static Task<(int ExitCode, string Output)> PublishAsync(params string[] arguments) =>
        RunAsync("dotnet", [TestApplication.BuiltProgram("Ticketing.AppHost"), .. arguments]);

    public static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>The documents of a YAML file.</summary>
    public static IEnumerable<YamlMappingNode> Documents(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents.Select(document => (YamlMappingNode)document.RootNode);
    }
}

/// <summary>Short ways through YAML.</summary>
internal static class YamlNodes
{
    /// <summary>What is at a path (<c>spec/containers/0/name</c>; a slash of a name is "|"), or null.</summary>
    public static YamlNode? At(this YamlNode node, string path) => path.Split('/').Aggregate((YamlNode?)node, (at, step) => at switch
    {
        YamlMappingNode map => map.Children.TryGetValue(new YamlScalarNode(step.Replace('|', '/')), out var member) ? member : null,
        YamlSequenceNode list when int.TryParse(step, out var index) && index < list.Children.Count => list[index],
        _ => null,
    });

    /// <summary>The text at a path.</summary>
    public static string Text(this YamlNode node, string path) =>
        (node.At(path) as YamlScalarNode)?.Value ?? throw new KeyNotFoundException($"There is no text at {path}:\n{node}");

    /// <summary>The members of a sequence or the values of a mapping at a path; none if there is nothing.</summary>
    public static IEnumerable<YamlNode> Each(this YamlNode node, string path) => node.At(path) switch
    {
        YamlSequenceNode list => list.Children,
        YamlMappingNode map => map.Children.Values,
        _ => [],
    };

    /// <summary>The names of a mapping's members at a path; none if there is nothing.</summary>
    public static IEnumerable<string> Names(this YamlNode node, string path) =>
        (node.At(path) as YamlMappingNode)?.Children.Keys.Select(name => ((YamlScalarNode)name).Value!) ?? [];

    /// <summary>The texts of a sequence at a path; none if there is nothing.</summary>
    public static IEnumerable<string> Texts(this YamlNode node, string path) => node.Each(path).Select(item => ((YamlScalarNode)item).Value!);

    /// <summary>All texts below.</summary>
    public static IEnumerable<string> AllTexts(this YamlNode node) => node.AllNodes.OfType<YamlScalarNode>().Select(scalar => scalar.Value ?? "");
}
