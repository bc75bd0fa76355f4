using System.Security.Cryptography;

namespace Ticketing.AppHost;

/// <summary>Secrets that are made once and kept in files that only their owner can read.</summary>
internal static class SecretFile
{
    /// <summary>Characters of a generated secret: letters and digits, almost 6 bits each, so that it needs no quoting anywhere.</summary>
    public const int Length = 32;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>A new secret.</summary>
    public static string Generate() => RandomNumberGenerator.GetString(Alphabet, Length);

    /// <summary>What the file holds; if there is none, it is written first.</summary>
    public static string GetOrCreate(string path)
    {
        if (!File.Exists(path))
            Write(path, Generate());
        return File.ReadAllText(path);
    }

    /// <summary>Replaces the file as a whole: after a crash the old or the new text is there, never a part.</summary>
    public static void Write(string path, string text)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(temporary, options))
        using (var writer = new StreamWriter(file))
        {
            writer.Write(text);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
