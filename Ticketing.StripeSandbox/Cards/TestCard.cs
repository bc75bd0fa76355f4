namespace Ticketing.StripeSandbox.Cards;

/// <summary>One of Stripe's documented test cards and what happens to it.</summary>
/// <param name="Number">Digits only.</param>
/// <param name="Challenged">Whether the card holder is asked (3-D Secure) before the bank.</param>
/// <param name="Decline">What the bank says; null when it agrees.</param>
internal sealed record TestCard(string Number, string Brand, string Funding, bool Challenged, Decline? Decline)
{
    public string Last4 => Number[^4..];
}

/// <summary>A bank's refusal in Stripe's words.</summary>
internal sealed record Decline(string Code, string? DeclineCode, string Message);
