using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.EventEmitters;

namespace Ticketing.LocalHosting.Publishing;

/// <summary>A mapping of YAML, in the order in which it was filled.</summary>
internal sealed class Map : Dictionary<string, object>
{
    public Map()
    {
    }

    public Map(Map other)
        : base(other)
    {
    }

    /// <summary>Adds a member unless its value is null.</summary>
    public Map With(string name, object? value)
    {
        if (value is not null)
            Add(name, value);
        return this;
    }
}

/// <summary>Writes YAML, the same for the same.</summary>
internal static class Yaml
{
    // What another reader could take for a number or for "yes" is quoted.
    private static readonly ISerializer Serializer = new SerializerBuilder()
        .WithQuotingNecessaryStrings(quoteYaml1_1Strings: true).WithIndentedSequences().DisableAliases()
        .WithEventEmitter(next => new LinesAsTheyAre(next)).Build();

    /// <summary>One document for each of <paramref name="documents"/>, after a comment.</summary>
    public static string Write(string comment, params IEnumerable<Map> documents) =>
        $"# {comment.ReplaceLineEndings("\n# ")}\n" + string.Join("---\n", documents.Select(Serializer.Serialize)).ReplaceLineEndings("\n");

    /// <summary>A sequence of texts.</summary>
    public static string[] List(params string[] items) => items;

    /// <summary>A sequence, to stand as a text in another document.</summary>
    public static string Sequence(IEnumerable<Map> items) => Serializer.Serialize(items.ToArray()).ReplaceLineEndings("\n");

    /// <summary>A text of several lines keeps them.</summary>
    private sealed class LinesAsTheyAre(IEventEmitter next) : ChainedEventEmitter(next)
    {
        public override void Emit(ScalarEventInfo eventInfo, IEmitter emitter)
        {
            if (eventInfo.Source.Value is string text && text.Contains('\n', StringComparison.Ordinal))
                eventInfo.Style = ScalarStyle.Literal;
            base.Emit(eventInfo, emitter);
        }
    }
}
