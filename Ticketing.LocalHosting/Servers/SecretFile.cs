using System.Security.Cryptography;

namespace Ticketing.LocalHosting.Servers;

/// <summary>Secrets that are made once and kept in files that only their owner can read.</summary>
internal static class SecretFile
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>A new secret of letters and digits (almost 6 bits each), so that it needs no quoting anywhere.</summary>
    public static string Generate(int length = 32) => RandomNumberGenerator.GetString(Alphabet, length);

    /// <summary>What the file holds; if there is none, it is written first.</summary>
    public static string GetOrCreate(string path, Func<string> generate)
    {
        if (!File.Exists(path))
            Write(path, generate());
        return File.ReadAllText(path);
    }

    /// <summary>Replaces the file as a whole: after a crash the old or the new text is there, never a part.</summary>
    public static void Write(string path, string text)
    {
        var temporary = $"{path}.new";
        File.Delete(temporary);
        using (var file = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        using (var writer = new StreamWriter(file))
        {
            writer.Write(text);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
