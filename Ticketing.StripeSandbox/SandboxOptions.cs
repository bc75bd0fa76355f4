namespace Ticketing.StripeSandbox;

/// <summary>The section <c>Sandbox</c> of the configuration. Everything is optional.</summary>
internal sealed class SandboxOptions
{
    public const string Section = "Sandbox";

    /// <summary>The only API key accepted. Unset: any that begins with <c>sk_test_</c>.</summary>
    public string? SecretKey { get; init; }

    /// <summary>Where events are sent. Unset: only to endpoints made through the API.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>What events to <see cref="WebhookUrl"/> are signed with.</summary>
    public string WebhookSecret { get; init; } = "whsec_sandbox";

    /// <summary>The origin under which a browser reaches the hosted pages. Unset: that of the API call.</summary>
    public string? PublicAddress { get; init; }

    /// <summary>Where the store is kept. Unset: in memory only.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Finished payments beyond this number are forgotten, oldest first.</summary>
    public int KeptPayments { get; init; } = 5_000;
}
