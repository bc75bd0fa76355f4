namespace Ticketing.LocalHosting;

/// <summary>Something that the person who starts the platform can put right; the message says what and how.</summary>
public sealed class LocalHostingException : Exception
{
    /// <summary>A message of one or a few lines, shown without a stack trace.</summary>
    public LocalHostingException(string message)
        : base(message)
    {
    }

    /// <summary>As above, with what caused it.</summary>
    public LocalHostingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>For serializers and the like; prefer one with a message.</summary>
    public LocalHostingException()
    {
    }
}
