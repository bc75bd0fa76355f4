using System.Globalization;
using System.Text.RegularExpressions;

namespace Ticketing.StripeSandbox.Protocol;

/// <summary>
/// The parameters of a call: <c>application/x-www-form-urlencoded</c>, nested with brackets, lists either numbered or
/// not: <c>amount=2000&amp;metadata[order_id]=7&amp;payment_method_types[]=card&amp;line_items[0][quantity]=1</c>.
/// Kept flat under their full names, list items without a number numbered.
/// </summary>
internal sealed partial class StripeForm
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    public StripeForm(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        foreach (var (name, value) in pairs)
        {
            if (!Name().IsMatch(name))
                throw StripeFailure.BadParameter($"Invalid parameter name: {name}", name);
            if (value.Length == 0 && !name.StartsWith("metadata[", StringComparison.Ordinal))
            {
                throw StripeFailure.BadParameter(
                    $"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; however '{name}' cannot be unset. You should remove '{name}' from your request or supply a non-empty value.",
                    name, "parameter_invalid_empty");
            }

            values[Numbered(name)] = value;
        }
    }

    /// <summary>The same for the same parameters in any order.</summary>
    public string Fingerprint => string.Join('&', values.OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => Uri.EscapeDataString(pair.Key) + "=" + Uri.EscapeDataString(pair.Value)));

    public static async Task<StripeForm> Read(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!HttpMethods.IsPost(request.Method))
            return new StripeForm(request.Query.SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value ?? "")));
        if (request.ContentLength is null or 0 && request.ContentType is null)
            return new StripeForm([]);
        if (!request.HasFormContentType)
        {
            throw new StripeFailure(400, new("invalid_request_error",
                "Invalid request (check that your POST content type is application/x-www-form-urlencoded)."));
        }

        var form = await request.ReadFormAsync(cancellationToken);
        return new StripeForm(form.SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value ?? "")));
    }

    public string? Text(string name) => values.GetValueOrDefault(name);

    public string Required(string name) => Text(name) ?? throw StripeFailure.Missing(name);

    public long? Integer(string name) => Text(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
        : throw StripeFailure.BadParameter($"Invalid integer: {text}", name, "parameter_invalid_integer");

    public bool Flag(string name) => Text(name) switch
    {
        null or "false" => false,
        "true" => true,
        var text => throw StripeFailure.BadParameter($"Invalid boolean: {text}", name),
    };

    /// <summary>One of the given words.</summary>
    public string OneOf(string name, string @default, params ReadOnlySpan<string> words)
    {
        var word = Text(name) ?? @default;
        return words.Contains(word) ? word
            : throw StripeFailure.BadParameter($"Invalid {name}: must be one of {string.Join(", ", words)}", name);
    }

    /// <summary>What is nested under <paramref name="name"/>, e.g. all of <c>metadata</c>, without empty values.</summary>
    public IReadOnlyDictionary<string, string> Map(string name) => values
        .Where(pair => pair.Key.StartsWith(name + "[", StringComparison.Ordinal) && pair.Value.Length > 0)
        .ToDictionary(pair => pair.Key[(name.Length + 1)..^1], pair => pair.Value);

    public bool Has(string name) => values.Keys.Any(key => key == name || key.StartsWith(name + "[", StringComparison.Ordinal));

    /// <summary>The items of a list of words.</summary>
    public IReadOnlyList<string> List(string name) => [.. Map(name).Values];

    /// <summary>Refuses every parameter whose outermost name is not among these, as Stripe does.</summary>
    public void Only(params ReadOnlySpan<string> names)
    {
        foreach (var key in values.Keys)
        {
            var bracket = key.IndexOf('[', StringComparison.Ordinal);
            var outermost = bracket < 0 ? key : key[..bracket];
            if (outermost != "expand" && !names.Contains(outermost))
                throw StripeFailure.BadParameter($"Received unknown parameter: {outermost}", outermost, "parameter_unknown");
        }
    }

    private string Numbered(string name)
    {
        var number = 0;
        while (name.IndexOf("[]", StringComparison.Ordinal) is var at and >= 0)
        {
            var numbered = $"{name[..at]}[{number++}]{name[(at + 2)..]}";
            if (!values.ContainsKey(numbered))
                name = numbered;
        }

        return name;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_]+(\[[^\[\]]*\])*$")]
    private static partial Regex Name();
}
