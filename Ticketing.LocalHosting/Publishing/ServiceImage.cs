namespace Ticketing.LocalHosting.Publishing;

/// <summary>
/// What all images of our projects have in common (see Directory.Build.props): no shell, no root, and nothing that must be
/// written to but a directory for temporary files.
/// </summary>
internal static class ServiceImage
{
    /// <summary>The user <c>app</c> of .NET's images.</summary>
    public const int User = 1654;

    public const string Scratch = "/tmp";

    /// <summary>Seconds from the stop signal to the end; services take at most 10 after they have drained.</summary>
    public const int StopSeconds = 30;
}
