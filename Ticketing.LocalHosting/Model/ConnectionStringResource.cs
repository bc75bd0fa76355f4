namespace Ticketing.LocalHosting;

/// <summary>A connection string made of other values.</summary>
/// <param name="name">The connection's name.</param>
/// <param name="connectionStringExpression">What it is made of.</param>
public sealed class ConnectionStringResource(string name, ReferenceExpression connectionStringExpression)
    : Resource(name), IResourceWithConnectionString
{
    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression => this.ExternalConnectionString() ?? connectionStringExpression;
}
