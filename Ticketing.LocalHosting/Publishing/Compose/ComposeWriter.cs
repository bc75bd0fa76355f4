namespace Ticketing.LocalHosting.Publishing.Compose;

/// <summary>
/// Values as Compose's files spell them: a parameter is <c>${ORDERS_DB_PASSWORD:?…}</c>, which stops the start with the words
/// after the question mark while it is unset. A literal dollar is doubled.
/// </summary>
internal sealed class ComposeWriter : ClusterWriter
{
    public static ComposeWriter Instance { get; } = new();

    public static string Literal(string text) => text.Replace("$", "$$", StringComparison.Ordinal);

    protected override string Text(string text) => Literal(text);

    protected override string Parameter(ParameterResource parameter) => $"${{{VariableOf(parameter)}:?run ./prepare.sh}}";
}
