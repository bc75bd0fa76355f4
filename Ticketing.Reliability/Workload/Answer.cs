using System.Text.Json;

namespace Ticketing.Reliability;

/// <summary>What the platform answered, or that it did not.</summary>
/// <param name="Status">HTTP's status; null when the connection broke or nothing came in time.</param>
/// <param name="Body">The JSON that came with it.</param>
internal sealed record Answer(int? Status, JsonElement? Body)
{
    /// <summary>No answer: it may have been done or not.</summary>
    public static readonly Answer None = new(null, null);

    /// <summary>The thing's id.</summary>
    public Guid Id => Body!.Value.GetProperty("id").GetGuid();

    public string Text(string name) => Body!.Value.GetProperty(name).GetString()!;

    public int Number(string name) => Body!.Value.GetProperty(name).GetInt32();

    /// <summary>Whether the platform, or a part of it, was away. Allowed while something is dead, and no promise.</summary>
    public bool Away => Status is null or 502 or 503 or 504;
}
