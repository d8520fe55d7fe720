# Runs a script on the tables that the host wrote, and writes back the data frame that it maps to the output port. See ColumnExchange.cs.
.auspex <- new.env()
.auspex$exchange <- commandArgs(trailingOnly = TRUE)[1]
.auspex$mapped <- NULL

.auspex$words <- function(bytes, n) readBin(bytes, "integer", n = 2 * n, size = 4, endian = "little")

.auspex$whole <- function(bytes, n) {
  words <- .auspex$words(bytes, n)
  low <- words[seq(1, by = 2, length.out = n)]
  high <- words[seq(2, by = 2, length.out = n)]
  # The one word that R takes for a missing value is 2^31.
  low <- ifelse(is.na(low), 2147483648, ifelse(low < 0, low + 4294967296, low))
  high <- ifelse(is.na(high), -2147483648, high)
  high * 4294967296 + low
}

.auspex$read <- function(number) {
  path <- file.path(.auspex$exchange, paste0("in", number))
  if (!file.exists(path)) stop(paste0("nothing is connected to input port ", number), call. = FALSE)
  header <- eval(parse(file = paste0(path, ".R"), encoding = "UTF-8"), baseenv())
  data <- file(path, "rb")
  on.exit(close(data))
  readBin(data, "raw", 8)
  size <- .auspex$whole(readBin(data, "raw", 8), 1)
  readBin(data, "raw", size + (-size %% 8))
  n <- header$rows
  columns <- list()
  for (column in header$columns) {
    buffers <- lapply(column$buffers, function(size) {
      bytes <- readBin(data, "raw", size + (-size %% 8))
      bytes[seq_len(size)]
    })
    missing <- if (column$missing) buffers[[length(buffers)]] != as.raw(0) else rep(FALSE, n)
    first <- buffers[[1]]
    values <- switch(column$type,
      Double = readBin(first, "double", n = n, size = 8, endian = "little"),
      Int32 = as.integer(.auspex$whole(first, n)),
      Int64 = .auspex$whole(first, n),
      Boolean = first != as.raw(0),
      DateTime = as.POSIXct((.auspex$whole(first, n) - 621355968000000000) / 1e7, origin = "1970-01-01", tz = "UTC"),
      TimeSpan = as.difftime(.auspex$whole(first, n) / 1e7, units = "secs"),
      Category = factor(readBin(first, "integer", n = n, size = 4, endian = "little") + 1L, levels = seq_along(column$levels),
        labels = unlist(column$levels), ordered = column$ordered),
      String = {
        ends <- .auspex$whole(first, n + 1)
        texts <- vapply(seq_len(n), function(i) if (ends[i + 1] > ends[i]) rawToChar(buffers[[2]][(ends[i] + 1):ends[i + 1]]) else "", "")
        Encoding(texts) <- "UTF-8"
        texts
      })
    if (any(missing)) values[missing] <- NA
    columns[[length(columns) + 1]] <- values
  }
  frame <- if (length(columns)) as.data.frame(columns, stringsAsFactors = FALSE) else data.frame(matrix(nrow = n, ncol = 0))
  names(frame) <- vapply(header$columns, function(column) column$name, "")
  frame
}

.auspex$quote <- function(text) {
  codes <- utf8ToInt(enc2utf8(text))
  paste0("\"", paste(vapply(codes, function(code) {
    if (code == 34 || code == 92) paste0("\\", intToUtf8(code))
    else if (code < 32) sprintf("\\u%04x", code)
    else intToUtf8(code)
  }, ""), collapse = ""), "\"")
}

.auspex$write <- function(frame) {
  n <- nrow(frame)
  headers <- character()
  parts <- list()
  doubles <- function(values) writeBin(as.double(values), raw(), size = 8, endian = "little")
  for (i in seq_along(frame)) {
    values <- frame[[i]]
    missing <- if (is.double(values) && is.null(attributes(values))) is.na(values) & !is.nan(values) else is.na(values)
    extra <- ""
    if (is.factor(values)) {
      type <- "Category"
      codes <- as.integer(values) - 1L
      codes[is.na(codes)] <- -1L
      buffers <- list(writeBin(codes, raw(), size = 4, endian = "little"))
      extra <- paste0(",\"levelType\":\"String\",\"ordered\":", if (is.ordered(values)) "true" else "false", ",\"levels\":[",
        paste(vapply(levels(values), .auspex$quote, ""), collapse = ","), "]")
    } else if (inherits(values, "POSIXt") || inherits(values, "Date")) {
      type <- "DateTime"
      seconds <- if (inherits(values, "Date")) as.numeric(values) * 86400 else as.numeric(as.POSIXct(values))
      buffers <- list(doubles(ifelse(missing, 0, seconds)))
    } else if (inherits(values, "difftime")) {
      type <- "TimeSpan"
      buffers <- list(doubles(ifelse(missing, 0, as.numeric(values, units = "secs"))))
    } else if (is.logical(values)) {
      type <- "Boolean"
      buffers <- list(as.raw(ifelse(missing, FALSE, values)))
    } else if (is.integer(values)) {
      type <- "Int32"
      buffers <- list(doubles(ifelse(missing, 0, values)))
    } else if (is.numeric(values)) {
      type <- "Double"
      buffers <- list(doubles(values))
    } else if (is.character(values)) {
      type <- "String"
      bytes <- lapply(enc2utf8(ifelse(missing, "", values)), charToRaw)
      buffers <- list(doubles(c(0, cumsum(lengths(bytes)))), as.raw(unlist(bytes)))
    } else {
      stop(paste0("column '", names(frame)[i], "' is of class ", class(values)[1],
        "; expected logical, integer, numeric, character, factor, POSIXct, Date or difftime"), call. = FALSE)
    }
    if (any(missing)) buffers[[length(buffers) + 1]] <- as.raw(missing)
    headers <- c(headers, paste0("{\"name\":", .auspex$quote(names(frame)[i]), ",\"type\":\"", type, "\",\"encoding\":\"double\",\"missing\":",
      if (any(missing)) "true" else "false", ",\"buffers\":[", paste(sprintf("%.0f", lengths(buffers)), collapse = ","), "]", extra, "}"))
    parts <- c(parts, buffers)
  }
  header <- charToRaw(enc2utf8(paste0("{\"rows\":", n, ",\"columns\":[", paste(headers, collapse = ","), "]}")))
  out <- file(file.path(.auspex$exchange, "out"), "wb")
  on.exit(close(out))
  writeBin(charToRaw("AUSPEX1\n"), out)
  writeBin(c(length(header), 0L), out, size = 4, endian = "little")
  for (part in c(list(header), parts)) {
    writeBin(part, out)
    writeBin(raw(-length(part) %% 8), out)
  }
}

maml.mapInputPort <- function(port) .auspex$read(port)

maml.mapOutputPort <- function(name) {
  if (!is.null(.auspex$mapped)) stop("maml.mapOutputPort was called twice; call it once", call. = FALSE)
  if (!is.character(name) || length(name) != 1) stop("maml.mapOutputPort takes the name of a data frame, as in maml.mapOutputPort(\"data.set\")", call. = FALSE)
  value <- get(name, envir = globalenv())
  if (!is.data.frame(value)) stop(paste0("'", name, "' is of class ", class(value)[1], "; expected a data frame"), call. = FALSE)
  if (anyDuplicated(names(value))) stop("the data frame has two columns of one name", call. = FALSE)
  .auspex$mapped <- value
  invisible(value)
}

.auspex$report <- function(status, message = "", line = "null") {
  out <- file(file.path(.auspex$exchange, "report.json"), "w", encoding = "UTF-8")
  on.exit(close(out))
  version <- paste0("R ", R.version$major, ".", R.version$minor)
  writeLines(paste0("{\"status\":\"", status, "\",\"message\":", .auspex$quote(message), ",\"line\":", line, ",\"version\":\"", version, "\"}"),
    out, useBytes = TRUE)
}

.auspex$main <- function() {
  line <- "null"
  tryCatch({
    option <- commandArgs(trailingOnly = TRUE)[2]
    loadsOnly <- identical(option, "load-only")
    if (!is.na(option) && !loadsOnly) set.seed(as.integer(option))
    if (capabilities("png")) png("Rplot%03d.png")
    code <- parse(file = file.path(.auspex$exchange, "script.R"), keep.source = TRUE, encoding = "UTF-8")
    refs <- attr(code, "srcref")
    if (loadsOnly) return(.auspex$report("ok"))
    for (i in seq_along(code)) {
      line <- refs[[i]][1]
      shown <- withVisible(eval(code[[i]], envir = globalenv()))
      if (shown$visible) print(shown$value)
    }
    line <- "null"
    if (is.null(.auspex$mapped)) stop("the script never called maml.mapOutputPort", call. = FALSE)
    .auspex$write(.auspex$mapped)
    if (!is.null(dev.list())) graphics.off()
    .auspex$report("ok")
  }, error = function(failure) {
    text <- conditionMessage(failure)
    .auspex$report(if (grepl("cannot allocate", text, fixed = TRUE)) "memory" else "failed", text, line)
  })
}

.auspex$main()
