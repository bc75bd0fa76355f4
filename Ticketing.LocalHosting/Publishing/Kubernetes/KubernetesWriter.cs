namespace Ticketing.LocalHosting.Publishing.Kubernetes;

/// <summary>
/// Values as a container's environment spells them: a parameter is <c>$(ORDERS_DB_PASSWORD)</c>, another variable of the same
/// container. What a text has of that form is doubled.
/// </summary>
internal sealed class KubernetesWriter : ClusterWriter
{
    public static KubernetesWriter Instance { get; } = new();

    protected override string Text(string text) => text.Replace("$(", "$$(", StringComparison.Ordinal);

    protected override string Parameter(ParameterResource parameter) => $"$({VariableOf(parameter)})";
}
