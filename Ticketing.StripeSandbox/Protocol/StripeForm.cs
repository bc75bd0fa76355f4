using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;

namespace Ticketing.StripeSandbox.Protocol;

/// <summary>
/// The parameters of a call: <c>application/x-www-form-urlencoded</c>, nested with brackets, lists either numbered or
/// not: <c>amount=2000&amp;metadata[order_id]=7&amp;expand[]=payment_intent&amp;line_items[0][quantity]=1</c>. Kept flat
/// under their full names, the items of a list numbered.
/// </summary>
internal sealed partial class StripeForm
{
    private readonly SortedDictionary<string, string> values = new(StringComparer.Ordinal);

    public StripeForm(IEnumerable<KeyValuePair<string, StringValues>> fields)
    {
        foreach (var (name, texts) in fields)
        {
            if (!Name().IsMatch(name))
                throw StripeFailure.BadParameter($"Invalid parameter name: {name}", name);
            for (var i = 0; i < texts.Count; i++)
            {
                if (texts[i] is not { Length: > 0 } && !name.StartsWith("metadata[", StringComparison.Ordinal))
                    throw StripeFailure.BadParameter($"You passed an empty string for '{name}', which cannot be unset.", name, "parameter_invalid_empty");
                values[name.EndsWith("[]", StringComparison.Ordinal) ? $"{name[..^2]}[{i}]" : name] = texts[i] ?? "";
            }
        }
    }

    /// <summary>All names and values, the same for the same parameters in any order.</summary>
    public string Parameters => StripeJson.Write(values);

    public static async Task<StripeForm> ReadAsync(HttpRequest request, CancellationToken cancellationToken) => request switch
    {
        { Method: not "POST" } => new(request.Query),
        { HasFormContentType: true } => new(await request.ReadFormAsync(cancellationToken)),
        { ContentType: not null } => throw StripeFailure.Invalid(400,
            "Invalid request (check that your POST content type is application/x-www-form-urlencoded)."),
        _ => new([]),
    };

    public string? Text(string name) => values.GetValueOrDefault(name);

    public string Required(string name) => Text(name) ?? throw StripeFailure.Missing(name);

    public long? Integer(string name) => Text(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
        : throw StripeFailure.BadParameter($"Invalid integer: {text}", name, "parameter_invalid_integer");

    public long RequiredInteger(string name) => Integer(name) ?? throw StripeFailure.Missing(name);

    public bool Flag(string name) => OneOf(name, "true", "false") is "true";

    /// <summary>One of the given words; null when the parameter is absent.</summary>
    public string? OneOf(string name, params ReadOnlySpan<string> words) =>
        Text(name) is not { } word || words.Contains(word) ? Text(name)
        : throw StripeFailure.BadParameter($"Invalid {name}: must be one of {string.Join(", ", words)}", name);

    /// <summary>An absolute http(s) address, which may have Stripe's <c>{CHECKOUT_SESSION_ID}</c> in it.</summary>
    public string? WebAddress(string name) =>
        Text(name) is not { } text ? null
        : Uri.TryCreate(text.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal), UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https" ? text
        : throw StripeFailure.BadParameter("Not a valid URL", name, "url_invalid");

    /// <summary>What is nested under <paramref name="name"/>, e.g. all of <c>metadata</c>, without empty values.</summary>
    public Dictionary<string, string> Map(string name) => values
        .Where(pair => pair.Key.StartsWith(name + "[", StringComparison.Ordinal) && pair.Value.Length > 0)
        .ToDictionary(pair => pair.Key[(name.Length + 1)..^1], pair => pair.Value);

    /// <summary>The items of a list of words.</summary>
    public List<string> List(string name) => [.. Map(name).Values];

    public bool Has(string name) => values.Keys.Any(key => key == name || key.StartsWith(name + "[", StringComparison.Ordinal));

    /// <summary>Refuses every parameter whose outermost name is not among these, as Stripe does; <c>expand</c> always is.</summary>
    public void Only(params ReadOnlySpan<string> names)
    {
        foreach (var key in values.Keys)
        {
            var outermost = key.Split('[')[0];
            if (outermost != "expand" && !names.Contains(outermost))
                throw StripeFailure.BadParameter($"Received unknown parameter: {outermost}", outermost, "parameter_unknown");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_]+(\[[^\[\]]*\])*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
