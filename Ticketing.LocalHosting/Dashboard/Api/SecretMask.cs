using System.Text.RegularExpressions;
using Ticketing.LocalHosting.Engine;

namespace Ticketing.LocalHosting.Dashboard.Api;

/// <summary>
/// Takes secrets out of what is shown: the values of secret parameters wherever they occur, passwords in connection strings
/// that came from outside, and every variable whose name says that it holds a secret.
/// </summary>
internal sealed partial class SecretMask(IReadOnlyList<string> secrets)
{
    /// <summary>Always as long, whatever it stands for.</summary>
    public const string Mask = "••••••";

    public static async Task<SecretMask> OfAsync(ApplicationModel model, CancellationToken cancellationToken)
    {
        var secrets = new List<string>();
        foreach (var parameter in model.SecretParameters())
        {
            if (await parameter.GetValueAsync(cancellationToken) is { Length: > 0 } value)
                secrets.Add(value);
        }

        // The longest first, so that none is left over of which another is a part.
        return new([.. secrets.OrderByDescending(secret => secret.Length)]);
    }

    public string Apply(string name, string value)
    {
        if (SecretName().IsMatch(name))
            return Mask;
        foreach (var secret in secrets)
            value = value.Replace(secret, Mask, StringComparison.Ordinal);
        return PasswordIn().Replace(value, Mask);
    }

    // Not "token" or "key" alone: a public key's address is none.
    [GeneratedRegex("password|secret|api_?key|secret_?key|private_?key|access_?key|token$|_headers$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    // "Password=x;", "pwd=x,", "amqp://user:x@host"
    [GeneratedRegex(@"(?<=\b(?:password|pwd)\s*=\s*)[^;,]+|(?<=://[^/:@\s]*:)[^/@\s]+(?=@)", RegexOptions.IgnoreCase)]
    private static partial Regex PasswordIn();
}
