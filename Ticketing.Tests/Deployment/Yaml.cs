using YamlDotNet.RepresentationModel;

namespace Ticketing.Tests.Deployment;

/// <summary>Reads YAML, with short ways through it.</summary>
internal static class Yaml
{
    private static readonly YamlScalarNode MergeKey = new("<<");

    /// <summary>The documents of a file, with its merge keys (<c>&lt;&lt;: *anchor</c>, <c>&lt;&lt;: [*one, *other]</c>) carried out.</summary>
    public static IEnumerable<YamlMappingNode> Documents(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents.Select(document => (YamlMappingNode)Merged(document.RootNode));
    }

    private static YamlNode Merged(YamlNode node) => node switch
    {
        YamlMappingNode map => Merged(map),
        YamlSequenceNode list => new YamlSequenceNode(list.Children.Select(Merged)),
        _ => node,
    };

    /// <summary>What a mapping says itself comes before what is merged into it, and of that what comes first.</summary>
    private static YamlMappingNode Merged(YamlMappingNode map)
    {
        var result = new YamlMappingNode(map.Children.Where(child => !child.Key.Equals(MergeKey)).Select(child => KeyValuePair.Create(child.Key, Merged(child.Value))));
        if (map.Children.TryGetValue(MergeKey, out var merged))
        {
            foreach (var (key, value) in (merged as YamlSequenceNode)?.Children.SelectMany(source => Merged((YamlMappingNode)source)) ?? Merged((YamlMappingNode)merged))
                result.Children.TryAdd(key, value);
        }
        return result;
    }

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
