namespace Ticketing.StripeSandbox.Webhooks;

/// <summary>How tests bend the delivery of events.</summary>
internal sealed class WebhookSwitch
{
    /// <summary>Nothing is sent while set; it is kept and sent afterwards.</summary>
    public bool Held { get; set; }

    /// <summary>How often each event is sent.</summary>
    public int Copies { get; set; } = 1;

    /// <summary>Whether what is due is sent newest first.</summary>
    public bool Reversed { get; set; }
}
