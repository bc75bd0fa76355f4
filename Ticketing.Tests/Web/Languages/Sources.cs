using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ticketing.Tests.Infrastructure;

namespace Ticketing.Tests.Web.Languages;

/// <summary>The site's source files: what its pages say, and what its resources translate.</summary>
internal static partial class Sources
{
    private static string Web { get; } = Path.Combine(TestFiles.Root, "Ticketing.Web");

    public static IReadOnlyList<string> Pages { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Web, "Pages"), "*.cshtml", SearchOption.AllDirectories).Order()];

    public static string Shared { get; } = Path.Combine(Web, "Languages", "Shared.de.resx");

    public static string Messages { get; } = Path.Combine(Web, "Languages", "Messages.de.resx");

    public static string ResourceOf(string page) => Path.ChangeExtension(page, ".de.resx");

    public static IReadOnlyDictionary<string, string> Read(string resource) => !File.Exists(resource)
        ? new Dictionary<string, string>()
        : XDocument.Load(resource).Root!.Elements("data").ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    /// <summary>The keys of a page: <c>T["…"]</c>, <c>T.GetString("…")</c>, and labels and hints of form fields.</summary>
    public static IEnumerable<string> KeysOf(string page)
    {
        var text = File.ReadAllText(page);
        return Key().Matches(text).Concat(FormField().Matches(text).SelectMany(field => LabelOrHint().Matches(field.Value)))
            .Select(match => Regex.Unescape(match.Groups[1].Value));
    }

    /// <summary>What the site's code says by <c>Texts.Shared("…")</c>.</summary>
    public static IEnumerable<string> SharedKeys() => CodeOf("Ticketing.Web")
        .SelectMany(text => SharedKey().Matches(text)).Select(match => Regex.Unescape(match.Groups[1].Value));

    /// <summary>The code of some project, file by file.</summary>
    public static IEnumerable<string> CodeOf(string project) =>
        Directory.EnumerateFiles(Path.Combine(TestFiles.Root, project), "*.cs*", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
                && Path.GetExtension(file) is ".cs" or ".cshtml")
            .Select(file => Comment().Replace(File.ReadAllText(file), ""));

    [GeneratedRegex("""\bT(?:\[|\.GetString\()"((?:[^"\\]|\\.)*)"[\],)]""")]
    private static partial Regex Key();

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("<form-field[^>]*>")]
    private static partial Regex FormField();

    [GeneratedRegex("""\s(?:label|hint)="([^"@]*)["]""")]
    private static partial Regex LabelOrHint();

    [GeneratedRegex("""Texts\.Shared\(\s*"((?:[^"\\]|\\.)*)["]""")]
    private static partial Regex SharedKey();
}
