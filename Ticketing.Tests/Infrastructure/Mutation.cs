using System.Text.RegularExpressions;
using Shouldly;

namespace Ticketing.Tests.Infrastructure;

/// <summary>
/// A guard taken out of a service that runs as it is shipped: where it sends this part of a statement, its database
/// hears another one. See <see cref="StatementProxy"/>.
/// </summary>
/// <param name="service">Whose database it is, e.g. <c>orders</c>.</param>
/// <param name="guard">The part as the service's source spells it; white space does not matter.</param>
/// <param name="replacement">What takes its place; parameters that the guard names, e.g. <c>@id</c>, may be used.</param>
internal sealed partial class Mutation(string service, string guard, string replacement = "")
{
    private readonly Regex pattern = new(string.Join(
        @"\s+", Blanks().Split(guard.Trim()).Select(word => Parameters().Replace(Regex.Escape(word), @"(?<${name}>\$$\d+)"))));

    private int applied;

    public string Service => service;

    /// <summary>How many statements were changed on their way.</summary>
    public int Applied => Volatile.Read(ref applied);

    /// <summary>The statement without the guard.</summary>
    public string ApplyTo(string statement) => pattern.Replace(statement, match =>
    {
        Interlocked.Increment(ref applied);
        return Parameters().Replace(replacement, parameter => match.Groups[parameter.Groups["name"].Value].Value);
    });

    /// <summary>
    /// A control that changes nothing shows nothing: fails when no statement had the guard, because its source was
    /// rewritten or never ran.
    /// </summary>
    public void ShouldHaveBeenApplied() => Applied.ShouldBeGreaterThan(0, $"no statement of {service} contains: {guard}");

    [GeneratedRegex("@(?<name>[A-Za-z]+)")]
    private static partial Regex Parameters();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
