using Ticketing.LocalHosting.Engine;

namespace Ticketing.LocalHosting.Dashboard.Api;

/// <summary>The variables that a process was given, without the secrets in them.</summary>
/// <param name="Outdated">It would be given others now, so that it must be started again to know, say, of a new replica.</param>
internal sealed record EnvironmentView(IReadOnlyList<EnvironmentView.Variable> Variables, bool Outdated)
{
    public static async Task<EnvironmentView> OfAsync(
        ResourceInstance instance, ApplicationModel model, CancellationToken cancellationToken)
    {
        var mask = await SecretMask.OfAsync(model, cancellationToken);
        var given = instance.Environment;
        var outdated = instance is ProjectInstance { ProcessId: not null } project
            && !(await project.NextEnvironmentAsync(cancellationToken)).OrderBy(variable => variable.Key)
                .SequenceEqual(given.OrderBy(variable => variable.Key));
        return new([.. given.Where(variable => variable.Value is not null).OrderBy(variable => variable.Key, StringComparer.Ordinal)
            .Select(variable => new Variable(variable.Key, mask.Apply(variable.Key, variable.Value!)))], outdated);
    }

    internal sealed record Variable(string Name, string Value);
}
