using System.Globalization;

namespace Ticketing.Reliability;

/// <summary>A command's options: <c>--name value</c>.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> values = [];

    public static Options Parse(string[] args)
    {
        var options = new Options();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length)
                throw new ArgumentException($"'{args[i]}' is not understood: options are written --name value.");
            options.values[args[i][2..]] = args[i + 1];
        }
        return options;
    }

    public string? Find(string name) => values.GetValueOrDefault(name);

    public string Text(string name, string otherwise) => Find(name) ?? otherwise;

    public int Number(string name, int otherwise) =>
        Find(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
