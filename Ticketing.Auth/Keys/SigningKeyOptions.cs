using System.ComponentModel.DataAnnotations;

namespace Ticketing.Auth.Keys;

/// <summary>How often the signing key changes. Configuration section <c>SigningKeys</c>.</summary>
internal sealed class SigningKeyOptions
{
    public const string Section = "SigningKeys";

    /// <summary>Days that a key signs before the next one takes over; 1–365.</summary>
    [Range(1, 365)]
    public int RotationDays { get; set; } = 30;

    public TimeSpan Rotation => TimeSpan.FromDays(RotationDays);
}
