namespace Ticketing.LocalHosting.Publishing;

/// <summary>What values are made of: the parameters in them, and the resources that their reader can reach with them.</summary>
internal sealed class ValueParts
{
    public HashSet<ParameterResource> Parameters { get; } = [];

    public HashSet<IResource> Resources { get; } = [];

    public static ValueParts Of(IEnumerable<IValueProvider> values)
    {
        var parts = new ValueParts();
        foreach (var value in values)
            parts.Add(value);
        return parts;
    }

    private void Add(IValueProvider value)
    {
        switch (value)
        {
            case ParameterResource parameter:
                Parameters.Add(parameter);
                break;
            case ExternalServiceResource service:
                Resources.Add(service);
                break;
            case IResourceWithConnectionString resource:
                Add(resource.ConnectionStringExpression);
                break;
            case ReferenceExpression expression:
                foreach (var part in expression.ValueProviders)
                    Add(part);
                break;
            // Whoever knows a server's address does not know its password.
            case EndpointReference endpoint:
                Resources.Add(endpoint.Resource);
                break;
            case EndpointReferenceExpression part:
                Add(part.Endpoint);
                break;
        }
    }
}
