namespace Ticketing.Web.Pages;

/// <summary>What one types to sign up or in. Auth judges it.</summary>
internal sealed record Credentials
{
    public string? Email { get; init; }

    public string? Password { get; init; }
}
