namespace Tape.Storage.Tapes.Format;

/// <summary>
/// A segment as its file name tells it. It is there in plain form, compressed, or, for a moment, in both, with the same bytes; who opens it need not care.
/// A segment turns from plain to compressed while others look, never back.
/// </summary>
/// <param name="Path">Path of the plain form, whether or not it is there.</param>
internal readonly record struct TapeSegmentFile(string Path, long TapeId, long FirstSeq)
{
    /// <summary>Path of the compressed form, whether or not it is there.</summary>
    public string CompressedPath => System.IO.Path.ChangeExtension(Path, TapeFormat.CompressedSuffix);

    /// <summary>The segments of a folder in the order of their records; empty when there are none.</summary>
    /// <exception cref="DamagedException">The folder holds segments of more than one tape.</exception>
    public static TapeSegmentFile[] List(IFiles files, string folder)
    {
        var segments = new List<TapeSegmentFile>();
        foreach (var name in files.ListFiles(folder))
            if (TapeFormat.TryParseName(name, out var tapeId, out var firstSeq))
                segments.Add(Of(folder, tapeId, firstSeq));
        segments = [.. segments.Distinct()];
        var tapes = segments.Select(segment => segment.TapeId).Distinct().Count();
        if (tapes > 1)
            throw new DamagedException($"{folder}: segments of {tapes} tapes, expected one tape",
                "Move the segments of one of the tapes to a folder of their own.");
        segments.Sort((left, right) => left.FirstSeq.CompareTo(right.FirstSeq));
        return [.. segments];
    }

    /// <summary>The segment that follows this one when it ends before a record.</summary>
    public TapeSegmentFile Next(long nextSeq) => Of(System.IO.Path.GetDirectoryName(Path)!, TapeId, nextSeq);

    public static TapeSegmentFile Of(string folder, long tapeId, long firstSeq) =>
        new(System.IO.Path.Combine(folder, TapeFormat.SegmentName(tapeId, firstSeq)), tapeId, firstSeq);

    /// <summary>Opens it for reading its plain bytes, in whichever form it is there.</summary>
    /// <param name="salvage">Told of damaged chunks of a compressed segment, which then read as zeros; without it they are exceptions.</param>
    /// <exception cref="FileNotFoundException">It is there in neither form.</exception>
    public IFileHandle Open(IFiles files, Action<string>? salvage = null)
    {
        try
        {
            return files.Open(Path, FileUse.Read);
        }
        catch (FileNotFoundException) when (files.FileExists(CompressedPath))
        {
            return CompressedSegment.Open(files.Open(CompressedPath, FileUse.Read), this, salvage);
        }
    }

    /// <summary>Whether it is there, in whichever form.</summary>
    public bool Exists(IFiles files) => files.FileExists(Path) || files.FileExists(CompressedPath);

    /// <summary>Whether it is there in compressed form only.</summary>
    public bool IsCompressed(IFiles files) => !files.FileExists(Path) && files.FileExists(CompressedPath);

    /// <summary>Bytes of the plain form.</summary>
    public long Length(IFiles files)
    {
        using var file = Open(files);
        return file.Length;
    }

    /// <summary>Reads the header and compares it with the file name.</summary>
    /// <returns>What is wrong; null when all is well.</returns>
    /// <exception cref="UnknownVersionException">A newer program wrote it.</exception>
    public string? CheckHeader(IFileHandle file)
    {
        Span<byte> bytes = stackalloc byte[SegmentHeader.Bytes];
        var fault = SegmentHeader.Read(Path, bytes[..file.Read(0, bytes)], out var header);
        if (fault is not null) return fault;
        return header.TapeId == TapeId && header.FirstSeq == FirstSeq
            ? null
            : $"the header of segment {TapeFormat.SegmentName(header.TapeId, header.FirstSeq)}, expected the one that the file name says";
    }
}
